"""The static schedule: nothing is read before it is there, no stage is too deep, no interval longer than its loop."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest

from compile.campaign.drawing.random_graph import random_graph
from compile.pipeline import prepare
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.op import Op, Source
from dag.operators.table import ADD, AND, DIV, GET, IADD, MUL, NOT, SELECT, SUB
from dag.values.domain import whole_domain
from dag.values.types import BOOL, F64, I64
from rtl.core_table import row_of
from rtl.plan.lowering import LEVELS_PER_STAGE, Core, Expression
from rtl.plan.schedule import NoSchedule, Schedule, schedule
from tests.support.live_graph import live_graph

GRAPHS = [
    live_graph(),
    *(prepare(random_graph(seed, 70)) for seed in range(6)),
    *(random_graph(s, 70) for s in range(6, 12)),
]


@pytest.mark.parametrize("graph", GRAPHS)
def test_every_operand_is_there_when_it_is_read(graph: Graph) -> None:
    plan = schedule(graph)
    for node in graph.operators():
        for arg in graph.args[node]:
            assert graph.ops[arg] is Source.CONST or plan.start[node] in (plan.ready[arg], *plan.delayed[arg])
    for state in graph.states:
        write = plan.writes[state.name]
        assert graph.ops[state.next] is Source.CONST or write in (plan.ready[state.next], *plan.delayed[state.next])
    for output in graph.outputs:
        constant = graph.ops[output.node] is Source.CONST
        assert constant or plan.depth in (plan.ready[output.node], *plan.delayed[output.node])


@pytest.mark.parametrize("graph", GRAPHS)
def test_operators_keep_their_latency_and_stages_their_depth(graph: Graph) -> None:
    plan = schedule(graph)
    levels = [0] * len(graph)
    for node, op in enumerate(graph.ops):
        if op is Source.STATE:
            levels[node] = 1
        if not isinstance(op, Op):
            continue
        fresh = [
            arg
            for arg in graph.args[node]
            if graph.ops[arg] is not Source.CONST and plan.ready[arg] == plan.start[node]
        ]
        behind = max((levels[arg] for arg in fresh), default=0)
        match row_of(op):
            case Core(latency=0):
                assert plan.ready[node] == plan.start[node]
                levels[node] = behind
            case Core(latency=latency):
                assert plan.ready[node] == plan.start[node] + latency
                assert behind == 0, "a core's operands come out of registers"
            case Expression(levels=own):
                assert plan.ready[node] == plan.start[node]
                levels[node] = behind + own
                assert levels[node] <= LEVELS_PER_STAGE


@pytest.mark.parametrize("graph", GRAPHS)
def test_a_row_reads_exactly_what_the_row_before_it_wrote(graph: Graph) -> None:
    plan = schedule(graph)
    rows = 6 + plan.depth
    for state in graph.states:
        writes = [row * plan.interval + plan.writes[state.name] for row in range(rows)]
        for row in range(rows):
            read = row * plan.interval + plan.ready[state.node]
            # A register shows a value in the cycles after the one in which it was written.
            assert sum(write < read for write in writes) == row


@pytest.mark.parametrize("graph", GRAPHS)
def test_the_interval_is_that_of_the_slowest_loop(graph: Graph) -> None:
    interval = schedule(graph).interval
    assert interval == slowest_loop(graph)
    if interval > 1:
        with pytest.raises(NoSchedule, match=f"every {interval - 1} cycle"):
            schedule(graph, interval - 1)


def slowest_loop(graph: Graph) -> int:
    """Cycles around the slowest loop through states, for each state it passes: by enumeration, not by scheduling."""
    loops = nx.DiGraph()
    for source in graph.states:
        # (cycle, level) of each node counted from the read of `source`; None where it does not depend on it.
        after: list[tuple[int, int] | None] = []
        for node, op in enumerate(graph.ops):
            operands = [moment for arg in graph.args[node] if (moment := after[arg]) is not None]
            if node == source.node:
                after.append((0, 1))
            elif not operands or not isinstance(op, Op):
                after.append(None)
            else:
                cycle, level = max(operands)
                row = row_of(op)
                match row:
                    case Core(latency=0):  # wiring
                        after.append((cycle, level))
                    case Core():
                        after.append((cycle + (level > 0) + row.latency, 0))
                    case Expression() if level + row.levels <= LEVELS_PER_STAGE:
                        after.append((cycle, level + row.levels))
                    case Expression():
                        after.append((cycle + 1, row.levels))
        for target in graph.states:
            moment = after[target.next]
            if moment is not None:
                loops.add_edge(source.name, target.name, cycles=moment[0] + 1)
    slowest = 1
    for loop in nx.simple_cycles(loops):
        cycles = sum(loops.edges[a, b]["cycles"] for a, b in pairwise([*loop, loop[0]]))
        slowest = max(slowest, -(-cycles // len(loop)))
    return slowest


@pytest.mark.parametrize("seed", range(6))
def test_an_array_element_is_read_between_two_writes(seed: int) -> None:
    graph = random_graph(seed, 70, arrays=True)
    plan = schedule(graph)
    arrays = [state for state in graph.states if graph.types[state.node].is_array]
    assert arrays
    for state in arrays:
        write = plan.writes[state.name]
        for node, op in enumerate(graph.ops):
            if op is GET and graph.args[node][0] == state.node:
                assert write - plan.interval < plan.start[node] <= write
        for node in graph.writes(state):
            assert plan.start[node] == write
            for arg in graph.args[node][1:]:
                assert graph.ops[arg] is Source.CONST or write in (plan.ready[arg], *plan.delayed[arg])


def test_without_state_a_row_every_cycle() -> None:
    builder = GraphBuilder("stateless")
    x = builder.input("x", F64, "1", whole_domain(F64))
    builder.output("y", builder.op(DIV, (x, builder.op(MUL, (x, x)))), 0.0)
    plan = schedule(builder.freeze())
    assert plan.interval == 1
    assert plan.depth == core_latency(MUL) + core_latency(DIV)
    assert plan.cores == {"f_div": 1, "f_mul": 1}
    # x waits for the product, 64 bits of it in every cycle.
    assert plan.registers == 64 * core_latency(MUL)


def core_latency(op: Op) -> int:
    row = row_of(op)
    assert isinstance(row, Core)
    return row.latency


def test_a_state_that_meets_its_inputs_late_is_read_late() -> None:
    builder = GraphBuilder("average")
    x = builder.input("x", F64, "1", whole_domain(F64))
    slow = builder.op(DIV, (x, builder.op(ADD, (x, x))))
    level = builder.state("level", F64, "1", 0.0)
    moved = builder.op(ADD, (level, slow))
    builder.set_next("level", moved)
    builder.output("y", moved, 0.0)
    graph = builder.freeze()
    plan = schedule(graph)
    node = graph.node("level.before")
    # The multiplexer before the adder, the adder, the register: not the division.
    assert plan.interval == 1 + core_latency(ADD) + 1
    assert plan.ready[node] == core_latency(ADD) + core_latency(DIV) - 1
    assert plan.delayed[node] == (plan.ready[node] + 1,)


def test_a_loop_over_two_states_shares_its_cycles() -> None:
    builder = GraphBuilder("two_bars_back")
    x = builder.input("x", F64, "1", whole_domain(F64))
    last, before = (builder.state(name, F64, "1", 0.0) for name in ("last", "before"))
    builder.set_next("last", builder.op(SUB, (x, before)))
    builder.set_next("before", last)
    builder.output("y", before, 0.0)
    # From `before` to the next `last` and back takes an adder and three registers, but spans two bars.
    assert schedule(builder.freeze()).interval == -(-(core_latency(SUB) + 3) // 2)


def test_a_counter_takes_a_row_every_cycle() -> None:
    builder = GraphBuilder("counter")
    count = builder.state("count", I64, "1", 0)
    builder.set_next("count", builder.op(IADD, (count, builder.const(1, I64, "1"))))
    builder.output("count", count, 0)
    assert schedule(builder.freeze()).interval == 1


def chained(length: int) -> Schedule:
    builder = GraphBuilder("chain")
    x, y = (builder.input(name, BOOL, "1", whole_domain(BOOL)) for name in ("x", "y"))
    node = builder.op(AND, (x, y))
    for k in range(length - 1):
        node = builder.op(NOT, (node,)) if k % 2 else builder.op(SELECT, (node, y, x))
    builder.output("z", node, False)
    return schedule(builder.freeze())


@pytest.mark.parametrize(("length", "depth"), [(1, 1), (LEVELS_PER_STAGE, 1), (LEVELS_PER_STAGE + 1, 2), (19, 4)])
def test_logic_is_chained_up_to_a_stage_and_cut_behind_it(length: int, depth: int) -> None:
    assert chained(length).depth == depth


def test_what_only_taps_read_is_not_counted_as_hardware() -> None:
    builder = GraphBuilder("tapped")
    x = builder.input("x", F64, "1", whole_domain(F64))
    builder.tap("unread", builder.op(DIV, (x, x)))
    builder.output("y", x, 0.0)
    graph = builder.freeze()
    plan = schedule(graph)
    assert not plan.live[graph.node("unread")]
    assert plan.cores == {}
    assert plan.depth == 1
