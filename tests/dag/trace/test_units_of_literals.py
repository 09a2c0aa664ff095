"""A literal has no unit of its own: it takes the one it meets, and none in products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import as_unit, carry, lane, unit
from dag.graphs.graph import Graph
from dag.operators.op import Source
from dag.trace import trace

Price = Annotated[float, unit("px")]
FLOOR = 0.25


def constants(graph: Graph) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node, op in enumerate(graph.ops):
        if op is Source.CONST:
            found.setdefault(repr(graph.constants[node]), []).append(graph.units[node])
    return {value: sorted(units) for value, units in found.items()}


@lane
def meets(x: Price) -> Price:
    low = 0.0
    clamped = max(x, low)
    return clamped * 2.0 + low if clamped > FLOOR else 0.5


@lane
def chosen(x: Price, hot: bool) -> Price:
    step = 1.0 if hot else 2.0
    return x + step


@lane
def carried(x: Price) -> Price:
    best = carry(initial=0.0)
    best = max(best, x)
    return best


@lane
def relabelled(x: Price) -> float:
    return as_unit(x, "1") + as_unit(as_unit(2.0, "px") / x, "1")


def test_literals_take_the_unit_they_meet() -> None:
    assert constants(trace(meets)) == {"0.0": ["px"], "2.0": ["1"], "0.25": ["px"], "0.5": ["px"]}


def test_a_module_constant_gives_its_name() -> None:
    graph = trace(meets)
    assert graph.constants[graph.node("FLOOR")] == 0.25


def test_a_choice_of_literals_takes_the_unit_it_meets() -> None:
    assert constants(trace(chosen)) == {"1.0": ["px"], "2.0": ["px"]}


def test_a_state_takes_the_unit_it_meets() -> None:
    graph = trace(carried)
    (state,) = graph.states
    assert (state.initial, graph.units[state.node]) == (0.0, "px")


def test_only_a_change_of_unit_is_a_node() -> None:
    assert sum(op.name == "as_unit" for op in trace(relabelled).ops) == 1


@dataclass(frozen=True)
class Quote:
    bid: Price
    size: float = 1.0


@lane
def worth(price: Price, quote: Quote = Quote(0.5)) -> Price:
    return quote.bid * quote.size + price


@lane
def worth_of_the_default(price: Price) -> Price:
    return worth(price)


def test_the_literals_of_a_default_record_take_the_units_of_its_fields() -> None:
    assert constants(trace(worth_of_the_default)) == {"0.5": ["px"], "1.0": ["1"]}
