"""The simulated pipeline equals the meaning of its graph: every node, whatever the gaps, the state it starts from, the rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from compile.backend import Batch, state_shape
from compile.campaign.drawing.random_graph import random_batch, random_graph
from compile.campaign.drawing.special_values import special_column
from compile.pipeline import prepare
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD, DIV, F64_BITS, IADD, NEG, OPS, SQRT
from dag.values.domain import whole_domain
from dag.values.types import F64, I64
from dag.values.words import column_dtype
from rtl.backend import Verilog
from rtl.plan.schedule import NoSchedule, schedule
from rtl.simulate import verilator
from rtl.simulate.runner import VerilogRunner
from tests.support.counting_graph import counting_graph
from tests.support.live_graph import live_graph
from tests.support.meaning import assert_same_words, evaluate
from tests.support.mixed_batch import mixed_batch
from tests.support.tiers import few

pytestmark = pytest.mark.skipif(verilator.missing() is not None, reason=f"{verilator.missing()}")

GRAPHS: dict[str, Callable[[], Graph]] = {
    "live": live_graph,
    "counting": lambda: prepare(counting_graph()),
    "every_op": lambda: prepare(random_graph(3, len(OPS), arrays=True)),
    "unprepared": lambda: random_graph(5, 30, arrays=True),
}


@cache
def simulated(name: str) -> tuple[Graph, VerilogRunner]:
    graph = GRAPHS[name]()
    backend = Verilog()
    return graph, backend.load(graph, backend.lower(graph))


@pytest.mark.parametrize("name", GRAPHS)
def test_every_node_of_every_row(name: str) -> None:
    graph, runner = simulated(name)
    batch = mixed_batch(graph, 1)
    nodes = graph.single_values()
    assert_same_words(graph, runner.run(batch, nodes), evaluate(graph, batch, nodes))


@pytest.mark.parametrize("density", few([0.5, 0.1, 0.9], 3))
@pytest.mark.parametrize("name", GRAPHS)
def test_gaps_between_rows_change_nothing(name: str, density: float) -> None:
    graph, runner = simulated(name)
    batch = mixed_batch(graph, 2, bars=4, instances=12)
    offered = np.random.default_rng(7).random(211) < density
    nodes = graph.single_values()
    assert_same_words(graph, runner.run(batch, nodes, offered), evaluate(graph, batch, nodes))


@pytest.mark.parametrize("name", GRAPHS)
def test_a_replay_can_go_on_from_a_state(name: str) -> None:
    graph, runner = simulated(name)
    batch = mixed_batch(graph, 3, bars=6, instances=10)
    nodes = graph.single_values()
    whole = runner.run(batch, nodes)
    first = runner.run(bars(batch, slice(0, 2)), nodes)
    rest = bars(batch, slice(2, 6))
    rest = Batch(rest.inputs, rest.params, first.state, rest.bars, rest.instances)
    second = runner.run(rest, nodes)
    assert_same_words(graph, second, evaluate(graph, rest, nodes))
    for node in nodes:
        assert np.array_equal(
            np.concatenate([first.nodes[node], second.nodes[node]]), whole.nodes[node], equal_nan=True
        )


def bars(batch: Batch, which: slice) -> Batch:
    inputs = {name: column[which] for name, column in batch.inputs.items()}
    return Batch(inputs, batch.params, batch.state, which.stop - which.start, batch.instances)


def test_a_state_may_hold_any_word() -> None:
    graph, runner = simulated("every_op")
    batch = mixed_batch(graph, 4, bars=2, instances=60)
    rng = np.random.default_rng(4)
    state = {
        s.name: special_column(rng, graph.types[s.node].element, state_shape(graph.types[s.node], 60))
        for s in graph.states
    }
    batch = Batch(batch.inputs, batch.params, state, batch.bars, batch.instances)
    nodes = graph.single_values()
    assert_same_words(graph, runner.run(batch, nodes), evaluate(graph, batch, nodes))


def test_more_rows_than_one_pass_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    graph, runner = simulated("counting")
    batch = mixed_batch(graph, 5, bars=5, instances=23)
    monkeypatch.setattr("rtl.simulate.runner.PASS_ROWS", 32)
    assert_same_words(graph, runner.run(batch, graph.single_values()), evaluate(graph, batch, graph.single_values()))


def test_fresh_instances_need_not_wait() -> None:
    graph, runner = simulated("live")
    rows = 64
    columns = {name: np.zeros(rows, np.uint64) for name in runner.stream.inputs}
    _, accepted = runner.stream.run(columns, rows, restart=np.ones(rows, np.bool_))
    assert np.array_equal(np.diff(accepted), np.ones(rows - 1))
    _, accepted = runner.stream.run(columns, rows, restart=np.arange(rows) == 0)
    assert np.array_equal(np.diff(accepted), np.full(rows - 1, schedule(graph).interval))


def test_names_that_the_module_needs_itself_give_way() -> None:
    builder = GraphBuilder("f_add")
    whole = whole_domain(F64)
    names = ("valid", "ready", "restart", "x", "x_at_6")
    valid, ready, restart, x, late = (builder.input(name, F64, "1", whole) for name in names)
    level = builder.state("level", F64, "1", 1.0)
    total = builder.op(ADD, (valid, ready))
    builder.tap("accept", total)
    builder.tap("in_x", builder.op(ADD, (restart, x)))
    builder.tap("tap_in_x", builder.op(ADD, (late, builder.op(ADD, (total, x)))))
    builder.tap("level.before.register", builder.op(NEG, (level,)))
    builder.tap("load", builder.op(ADD, (total, level)))
    builder.set_next("level", total)
    builder.output("valid", builder.op(DIV, (total, x)), 0.0)
    builder.output("unused", builder.op(SQRT, (x,)), 0.0)
    graph = builder.freeze()
    backend = Verilog()
    runner = backend.load(graph, backend.lower(graph))
    batch = random_batch(graph, 1, 3, 20)
    assert_same_words(graph, runner.run(batch, graph.single_values()), evaluate(graph, batch, graph.single_values()))


def test_results_that_are_ports_and_constants() -> None:
    builder = GraphBuilder("trivial")
    x = builder.input("x", F64, "1", whole_domain(F64))
    unread = builder.param("unread", I64, "1", whole_domain(I64), None)
    builder.tap("more", builder.op(IADD, (unread, builder.op(F64_BITS, (x,)))))
    builder.output("same", x, 0.0)
    builder.output("three", builder.const(3, I64, "1"), 3)
    graph = builder.freeze()
    backend = Verilog()
    runner = backend.load(graph, backend.lower(graph))
    batch = random_batch(graph, 1, 2, 30)
    assert_same_words(graph, runner.run(batch, graph.single_values()), evaluate(graph, batch, graph.single_values()))


def test_an_interval_shorter_than_a_loop_is_refused() -> None:
    graph = live_graph()
    interval = schedule(graph).interval
    with pytest.raises(NoSchedule, match="`quoter` cannot take a row every"):
        Verilog(interval - 1).lower(graph)


def test_a_column_of_a_wrong_shape_is_named() -> None:
    graph, runner = simulated("counting")
    batch = mixed_batch(graph, 1, bars=2, instances=4)
    wrong = Batch({**batch.inputs, "x": batch.inputs["x"][:1]}, batch.params, None, 2, 4)
    with pytest.raises(ValueError, match=r"column `x` has shape \(1, 4\); expected \(2, 4\)"):
        runner.run(wrong, [0])


def test_columns_have_their_dtypes() -> None:
    graph, runner = simulated("every_op")
    got = runner.run(mixed_batch(graph, 1, 1, 4), graph.single_values())
    assert all(column.dtype == column_dtype(graph.types[node]) for node, column in got.nodes.items())
