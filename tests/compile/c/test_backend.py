"""Both lowerings of a row, kernel.c and batch.c, against the meaning of every op, word for word."""

from __future__ import annotations

import numpy as np
import pytest

from compile.backend import Batch
from compile.c.backend import C
from compile.c.runner import Entry
from compile.campaign.drawing.random_graph import random_batch, random_graph
from compile.pipeline import prepare
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD, MUL, OPS, SQRT
from dag.values.domain import interval
from dag.values.types import F64
from dag.values.words import words_of_column
from tests.support.meaning import assert_same_words, evaluate
from tests.support.tiers import few

ENTRIES = list(Entry)


def test_every_op_is_lowered() -> None:
    assert set(C().table) == set(OPS.values())


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("seed", few(range(5), 4))
def test_random_graphs_have_the_same_words_as_their_meaning(seed: int, entry: Entry) -> None:
    graph = random_graph(seed, operators=len(OPS) + 40, arrays=True, folds=True)
    backend = C(entry)
    runner = backend.load(graph, backend.lower(graph))
    batch = random_batch(graph, seed + 100, bars=9, instances=37)
    nodes = graph.single_values()
    assert_same_words(graph, runner.run(batch, nodes), evaluate(graph, batch, nodes))


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize(("bars", "instances"), [(1, 1), (200, 1), (1, 3), (3, 513), (2, 1030), (0, 5), (3, 0)])
def test_every_shape_including_short_last_vectors_and_blocks(bars: int, instances: int, entry: Entry) -> None:
    graph = prepare(random_graph(3, operators=55))
    backend = C(entry)
    runner = backend.load(graph, backend.lower(graph))
    batch = random_batch(graph, 7, bars, instances)
    nodes = [graph.status or 0, *(output.node for output in graph.outputs), 0]
    assert_same_words(graph, runner.run(batch, nodes), evaluate(graph, batch, nodes))


def stateless() -> Graph:
    builder = GraphBuilder("stateless")
    x = builder.input("x", F64, "1", interval(F64, -1e9, 1e9))
    k = builder.param("k", F64, "1", interval(F64, lo=0.0), 2.0)
    builder.output("y", builder.op(SQRT, (builder.op(ADD, (builder.op(MUL, (x, k)), x)),)), 0.0)
    return prepare(builder.freeze())


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_single_instance_without_state_uses_bars_as_lanes(entry: Entry) -> None:
    graph = stateless()
    backend = C(entry)
    runner = backend.load(graph, backend.lower(graph))
    batch = random_batch(graph, 1, 70, 1)
    nodes = graph.single_values()
    assert_same_words(graph, runner.run(batch, nodes), evaluate(graph, batch, nodes))


@pytest.mark.parametrize("entry", ENTRIES)
def test_columns_of_any_layout(entry: Entry) -> None:
    graph = stateless()
    backend = C(entry)
    runner = backend.load(graph, backend.lower(graph))
    wide = np.random.default_rng(0).normal(size=(6, 40))
    layouts = {
        "broadcast over instances": np.broadcast_to(wide[:, :1], (6, 20)),
        "broadcast over bars": np.broadcast_to(wide[0, :20], (6, 20)),
        "broadcast over both": np.broadcast_to(np.float64(0.25), (6, 20)),
        "every other instance": wide[:, ::2],
        "backwards in time": wide[::-1, :20],
        "column major": np.asfortranarray(wide[:, :20]),
        "whole numbers": np.arange(120).reshape(6, 20),
    }
    for name, x in layouts.items():
        batch = Batch({"x": x}, {"k": np.linspace(0, 3, 40)[::2]}, bars=6, instances=20)
        nodes = graph.single_values()
        got = runner.run(batch, nodes)
        exact = Batch({"x": x.astype(np.float64)}, batch.params, bars=6, instances=20)
        assert_same_words(graph, got, evaluate(graph, exact, nodes), name)


def test_wrong_columns_are_refused_by_name() -> None:
    graph = stateless()
    runner = C().load(graph, C().lower(graph))
    good = np.zeros((2, 3))
    with pytest.raises(ValueError, match=r"column `x` has shape \[3, 2\], expected \[2, 3\]"):
        runner.run(Batch({"x": good.T}, {"k": good[0]}, bars=2, instances=3), [0])
    with pytest.raises(TypeError, match="column `x` is complex128, expected float64"):
        runner.run(Batch({"x": good.astype(complex)}, {"k": good[0]}, bars=2, instances=3), [0])


def test_state_continues_from_where_a_run_ended() -> None:
    graph = random_graph(5)
    batch = random_batch(graph, 5, bars=10, instances=6)
    nodes = [output.node for output in graph.outputs]
    expected = evaluate(graph, batch, nodes)
    for entry in ENTRIES:
        runner = C(entry).load(graph, C(entry).lower(graph))
        first = runner.run(Batch({k: c[:4] for k, c in batch.inputs.items()}, batch.params, None, 4, 6), nodes)
        rest = Batch({k: c[4:] for k, c in batch.inputs.items()}, batch.params, first.state, 6, 6)
        second = runner.run(rest, nodes)
        for node in nodes:
            whole = words_of_column(np.concatenate([first.nodes[node], second.nodes[node]]), graph.types[node])
            np.testing.assert_array_equal(whole, words_of_column(expected.nodes[node], graph.types[node]))


def test_lowering_twice_gives_the_same_bytes() -> None:
    graph = random_graph(2)
    assert C().lower(graph) == C().lower(random_graph(2))
    files = C().lower(graph)
    assert C().shared_object(files) == C().shared_object(files)
