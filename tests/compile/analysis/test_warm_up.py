"""When everything that a value depends on is warm: by hand, and by letting cold values spread bar by bar."""

from __future__ import annotations

from typing import Annotated

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compile.analysis.warm_up import updates_until_warm
from compile.pipeline import prepare
from dag import carry, domain, lane, params, warm
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from dag.operators.table import ADD
from dag.trace import trace
from dag.values.domain import whole_domain
from dag.values.types import F64


@params
class Span:
    pinned: Annotated[int, domain(0, 70)]
    bars: Annotated[int, domain(0, 500)] = 30


@lane
def average(x: float) -> float:
    level = carry(initial=x, warm_up=20)
    level = level + 0.1 * (x - level)
    return level


@lane
def single(x: float) -> float:
    return average(x) + x


@lane
def chained(x: float) -> tuple[float, float, float]:
    smooth = average(x)
    total = carry(initial=0.0, warm_up=5)
    total = total + smooth
    twice = average(smooth)
    return total, twice, x


@lane
def ring_of_parts(x: float) -> float:
    ring = carry(initial=(x,) * 7, warm_up=7)
    ring = (*ring[1:], x)
    return ring[0]


@lane
def one_loop(x: float) -> tuple[float, float]:
    up = carry(initial=0.0, warm_up=3)
    down = carry(initial=0.0, warm_up=4)
    before = up
    up = down + x
    down = before - x
    return up, down


@lane
def by_parameter(x: float, p: Span) -> tuple[float, float]:
    level = carry(initial=x, warm_up=p.bars)
    other = carry(initial=x, warm_up=p.pinned)
    level = 0.5 * (level + x)
    other = 0.5 * (other + x)
    return level, other


@lane
def held(x: float, y: float) -> float:
    return average(x, when=average(y) > 0.0, initial=0.0)


@lane
def undeclared(x: float) -> float:
    level = carry(initial=x)
    level = 0.5 * (level + x)
    smooth = average(level)
    return smooth if warm_of(smooth) else x


@lane
def warm_of(x: float) -> bool:
    last = carry(initial=x, warm_up=1)
    ready = warm(last)
    last = x
    return ready


CASES: dict[AnyLane, tuple[int, ...]] = {
    single: (20,),
    chained: (25, 40, 0),
    ring_of_parts: (7,),
    one_loop: (7, 7),
    by_parameter: (30, 70),  # the default, and the most it may be pinned to
    held: (40,),  # the condition is as cold as what it lets through
    undeclared: (20,),
}


@pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)
def test_updates_by_hand(case: AnyLane) -> None:
    graph = prepare(trace(case))
    needed = updates_until_warm(graph)
    assert tuple(needed[output.node] for output in graph.outputs if output.name != "status") == CASES[case]
    assert needed[next(output.node for output in graph.outputs if output.name == "status")] == 0


def test_a_bound_parameter_says_how_many() -> None:
    graph = trace(by_parameter)
    needed = updates_until_warm(graph, {"bars": 2, "pinned": 3})
    assert [needed[output.node] for output in graph.outputs] == [2, 3]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_cold_values_spread_as_long_as_it_says(data: st.DataObject) -> None:
    """States without loops, each updated from some earlier ones. An update counts once all that it reads is warm."""
    count = data.draw(st.integers(1, 6))
    warm_up = [data.draw(st.integers(0, 5)) for _ in range(count)]
    reads = [sorted(data.draw(st.sets(st.integers(0, k - 1)))) if k else [] for k in range(count)]
    graph = graph_of(warm_up, reads)
    needed = updates_until_warm(graph)
    assert [needed[graph.node(f"s{k}.before")] for k in range(count)] == expected(warm_up, reads)


def expected(warm_up: list[int], reads: list[list[int]]) -> list[int]:
    """Bar by bar: the first bar on which a state, and all that went into the updates it rests on, is warm."""
    counted, first = [0] * len(warm_up), [-1] * len(warm_up)
    for bar in range(sum(warm_up) + 1):
        for k, bars in enumerate(warm_up):
            if first[k] < 0 and counted[k] >= bars and all(first[r] >= 0 for r in reads[k]):
                first[k] = bar
        for k in range(len(warm_up)):
            counted[k] += all(first[r] >= 0 for r in reads[k])
    return first


def graph_of(warm_up: list[int], reads: list[list[int]]) -> Graph:
    builder = GraphBuilder("spreading")
    builder.open_scope("", "spreading")
    x = builder.input("x", F64, "1", whole_domain(F64))
    slots = [builder.state(f"s{k}", F64, "1", 0.0) for k in range(len(warm_up))]
    for k, bars in enumerate(warm_up):
        following = builder.op(ADD, (slots[k], x))
        for other in reads[k]:
            following = builder.op(ADD, (following, slots[other]))
        builder.set_next(f"s{k}", following)
        builder.describe_state(f"s{k}", warm_up=bars)
    builder.output("x", x, 0.0)
    builder.close_scope()
    return builder.freeze()
