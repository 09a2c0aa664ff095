"""Replays are exact to the last subnormal, whatever the shape of the batch and of the calls it is cut into."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from compile.backend import Batch
from compile.xla import program as program_module
from compile.xla import runner
from compile.xla.emit import emit
from compile.xla.program import Columns, Program, ReplayValues
from compile.xla.runner import XlaRunner
from dag.graphs.graph import Graph
from dag.values.words import Column
from tests.support.arithmetic_graphs import Meaning, arithmetic_batch, arithmetic_graph
from tests.support.meaning import assert_same_words, evaluate


def runner_of(graph: Graph) -> XlaRunner:
    return XlaRunner(graph, Program.from_files(emit(graph)), Meaning(graph))


def part(batch: Batch, bars: slice, instances: slice) -> Batch:
    """`batch` restricted; the state stays out."""
    inputs = {name: column[bars, instances] for name, column in batch.inputs.items()}
    params = {name: column[instances] for name, column in batch.params.items()}
    shape = next(iter(inputs.values())).shape
    return Batch(inputs, params, None, shape[0], shape[1])


@pytest.mark.parametrize("stateful", [False, True], ids=["rows", "state"])
def test_subnormal_heavy_replays_are_exact(stateful: bool) -> None:
    graph = arithmetic_graph(4, 30, stateful)
    batch = arithmetic_batch(graph, 4, bars=5, instances=100, subnormal=0.02)
    nodes = graph.single_values()
    xla = runner_of(graph)
    assert_same_words(graph, xla.run(batch, nodes), evaluate(graph, batch, nodes))
    assert 0 < xla.recomputed_rows < 0.8 * batch.bars * batch.instances


def test_only_flagged_rows_are_recomputed() -> None:
    graph = arithmetic_graph(4, 30)
    xla = runner_of(graph)
    assert isinstance(xla.exact, Meaning)
    batch = arithmetic_batch(graph, 4, bars=3, instances=50)
    ones = {name: np.ones_like(column) for name, column in batch.inputs.items()}
    calm = replace(batch, inputs=ones, params={name: np.ones_like(c) for name, c in batch.params.items()})
    xla.run(calm, [graph.outputs[0].node])
    assert xla.recomputed_rows == xla.exact.rows == 0
    tiny = {name: column.copy() for name, column in ones.items()}
    tiny["x0"][1, 7] = 5e-324
    xla.run(replace(calm, inputs=tiny), [graph.outputs[0].node])
    assert xla.recomputed_rows == xla.exact.rows == 1


@pytest.mark.parametrize("stateful", [False, True], ids=["rows", "state"])
def test_chunks_and_batch_sizes_do_not_matter(stateful: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = arithmetic_graph(11, 30, stateful)
    batch = arithmetic_batch(graph, 11, bars=7, instances=37)
    nodes = [output.node for output in graph.outputs]
    whole = runner_of(graph).run(batch, nodes)
    assert_same_words(graph, whole, evaluate(graph, batch, nodes))
    for index in (0, 36):
        alone = runner_of(graph).run(part(batch, slice(None), slice(index, index + 1)), nodes)
        for node in nodes:
            assert np.array_equal(alone.nodes[node][:, 0], whole.nodes[node][:, index], equal_nan=True)
    monkeypatch.setattr(runner, "ROWS_PER_CALL", 16)
    monkeypatch.setattr(runner, "BARS_PER_CALL", 2)
    assert_same_words(graph, runner_of(graph).run(batch, nodes), whole, "cut into 16 rows of 2 bars")


def test_a_longer_replay_compiles_nothing_and_asks_for_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen times as many bars go through the calls that were there, whose buffers have the size of one chunk."""
    graph = arithmetic_graph(11, 30, stateful=True)
    nodes = [output.node for output in graph.outputs]
    monkeypatch.setattr(runner, "BARS_PER_CALL", 8)
    xla = runner_of(graph)
    calls: list[int] = []
    replay = Program.replay

    def counted(
        self: Program, inputs: Columns, params: Columns, state: Columns, live: Column, *rest: Any
    ) -> ReplayValues:
        calls.append(sum(column.nbytes for given in (inputs, params, state) for column in given.values()))
        return replay(self, inputs, params, state, live, *rest)

    monkeypatch.setattr(Program, "replay", counted)
    short = arithmetic_batch(graph, 11, bars=8, instances=4)
    xla.run(short, nodes)
    at_first = calls.copy()
    monkeypatch.setattr(program_module, "compiled_or_kept", lambda *_: pytest.fail("compiled anew"))
    long = arithmetic_batch(graph, 11, bars=16 * 8 - 3, instances=4)
    assert_same_words(graph, xla.run(long, nodes), evaluate(graph, long, nodes))
    assert calls == at_first * 17


def test_state_continues_where_it_was_left() -> None:
    graph = arithmetic_graph(8, 30, stateful=True)
    batch = arithmetic_batch(graph, 8, bars=6, instances=20)
    nodes = [state.node for state in graph.states]
    whole = evaluate(graph, batch, nodes)
    xla = runner_of(graph)
    first = xla.run(part(batch, slice(0, 2), slice(None)), nodes)
    second = xla.run(replace(part(batch, slice(2, 6), slice(None)), state=first.state), nodes)
    joined = {node: np.concatenate([first.nodes[node], second.nodes[node]]) for node in nodes}
    assert_same_words(graph, replace(second, nodes=joined), whole)


def test_a_decaying_state_becomes_subnormal_exactly() -> None:
    from dag.graphs.builder import GraphBuilder
    from dag.operators.table import ADD, MUL
    from dag.values.domain import whole_domain
    from dag.values.types import F64

    builder = GraphBuilder("decay")
    x = builder.input("x", F64, "1", whole_domain(F64))
    level = builder.state("level", F64, "1", 1.0)
    following = builder.op(ADD, (builder.op(MUL, (level, builder.const(0.25, F64, "1"))), x))
    builder.set_next("level", following)
    builder.output("out", following, 0.0)
    graph = builder.freeze()
    batch = Batch({"x": np.zeros((600, 3))}, {}, None, 600, 3)
    batch.inputs["x"][:, 1] = 1.0
    nodes = graph.single_values()
    xla = runner_of(graph)
    result = xla.run(batch, nodes)
    assert_same_words(graph, result, evaluate(graph, batch, nodes))
    assert xla.recomputed_rows == 1200, "instances 0 and 2 underflow, instance 1 does not"
    assert 0.0 < result.nodes[following][515, 0] < 2.0**-1022


@pytest.mark.parametrize("stateful", [False, True], ids=["rows", "state"])
@pytest.mark.parametrize(("bars", "instances"), [(0, 3), (3, 0), (1, 1)])
def test_empty_and_single_batches(bars: int, instances: int, stateful: bool) -> None:
    graph = arithmetic_graph(4, 10, stateful)
    batch = arithmetic_batch(graph, 4, bars, instances)
    nodes = graph.single_values()
    assert_same_words(graph, runner_of(graph).run(batch, nodes), evaluate(graph, batch, nodes))
    assert runner_of(graph).run(batch, []).nodes == {}


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({}, "input `x0` has no column"),
        ({"x0": np.zeros((1, 2))}, r"input `x0` should have shape \(1, 3\), it has \(1, 2\)"),
    ],
)
def test_wrong_columns_are_named(
    inputs: dict[str, np.ndarray[tuple[int, int], np.dtype[np.float64]]], message: str
) -> None:
    graph = arithmetic_graph(4, 30)
    batch = arithmetic_batch(graph, 4, bars=1, instances=3)
    kept = {name: column for name, column in batch.inputs.items() if name != "x0"}
    with pytest.raises(ValueError, match=message):
        runner_of(graph).run(replace(batch, inputs=kept | inputs), [graph.outputs[0].node])


@pytest.mark.parametrize(("bars", "instances", "wanted"), [(1, 1, 1), (5000, 7, 400), (1, 100_000, 300), (3, 10**6, 0)])
def test_calls_are_bounded_powers_of_two(bars: int, instances: int, wanted: int) -> None:
    per_call = runner._chunk(bars, instances, wanted)
    assert all(length & (length - 1) == 0 for length in per_call)
    assert per_call[0] * per_call[1] * (wanted + 1) <= 2 * runner.VALUES_PER_CALL
