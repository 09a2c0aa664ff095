"""Floors that beat the cap below them."""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.facts import Floats, Integers, show
from compile.analysis.ranges import Ranges, ranges_once
from compile.analysis.values import (
    Condition,
    choice_of,
    comparison_of,
    extremum_of,
    is_given,
    is_same,
    value_of,
)
from compile.lint.finding import at, finding
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.operators.op import Family


def floors_over_caps(graph: Graph) -> Iterator[Diagnostic]:
    """W022 for each `max(floor, min(x, cap))`, in any spelling, whose cap can be below the floor: there the floor is the result.

    The bounds are the operands that do not come out of a clamp themselves: parameters, constants, inputs and what is made of
    them. Where both may be the value that is clamped, the second is taken for the bound.
    """
    known: Ranges | None = None
    for node in graph.operators():
        if value_of(graph, node) != node or graph.total[node]:
            continue
        for floor, cap in (*_clamped_again(graph, node), *_clamped_apart(graph, node)):
            known = known or ranges_once(graph)
            low, high = known.facts[cap], known.facts[floor]
            assert isinstance(low, Floats | Integers)
            assert isinstance(high, Floats | Integers)
            if not is_same(graph, cap, floor) and low.lo < high.hi and not _is_ordered(graph, floor, cap):
                yield finding(
                    "W022", graph, node, graph.names[node],
                    "a cap that is never below the floor, or the cap applied last",
                    (
                        f"the cap, {at(graph, cap)}: {show(low, graph.types[cap])}",
                        f"the floor, {at(graph, floor)}: {show(high, graph.types[floor])}",
                    ),
                    "write min(cap, max(x, floor)) where the cap has to hold, or give the two domains that do not meet",
                )  # fmt: skip
                break


def _clamped_again(graph: Graph, node: int) -> Iterator[tuple[int, int]]:
    """The floors and caps of `max(floor, min(x, cap))`."""
    outer = extremum_of(graph, node)
    if outer is None or not outer.is_maximum:
        return
    for clamped, floor in (outer.operands, outer.operands[::-1]):
        inner = extremum_of(graph, clamped)
        if inner is not None and not inner.is_maximum:
            if _takes_a_minimum(graph, floor):  # the largest of several minima, as in a median: an order, not a clamp
                return
            operands = tuple(value_of(graph, each) for each in inner.operands)
            given = [each for each in operands if is_given(graph, each)]
            yield from ((value_of(graph, floor), cap) for cap in given or [_second(graph, clamped, operands)])
            return


def _takes_a_minimum(graph: Graph, node: int) -> bool:
    """Whether `node` is a minimum, or a maximum of such."""
    found = extremum_of(graph, node)
    return found is not None and (not found.is_maximum or any(_takes_a_minimum(graph, each) for each in found.operands))


def _second(graph: Graph, minimum: int, operands: tuple[int, ...]) -> int:
    """Of two operands the one that is written second: `cap` in `min(x, cap)` and in `x if x < cap else cap`."""
    choice = choice_of(graph, minimum)
    compared = comparison_of(graph, Condition(choice.condition, True)) if choice else None
    return operands[1] if compared is None or compared.b not in operands else compared.b


def _clamped_apart(graph: Graph, node: int) -> Iterator[tuple[int, int]]:
    """The floors and caps of `cap if x > cap else max(x, floor)` and of `floor if x < floor else min(x, cap)`: where x is between
    the two, the floor is the result."""
    choice = choice_of(graph, node)
    if choice is None or choice.chosen is None or choice.otherwise is None:
        return
    for arm, other, truth in ((choice.chosen, choice.otherwise, True), (choice.otherwise, choice.chosen, False)):
        asked = comparison_of(graph, Condition(choice.condition, truth))
        inner = extremum_of(graph, other)
        if asked is None or inner is None:
            continue
        for each in (asked, asked.swapped):
            is_beyond = each.symbol[0] == (">" if inner.is_maximum else "<") and is_same(graph, each.b, arm)
            for x, bound in (inner.operands, inner.operands[::-1]):
                if is_beyond and is_same(graph, x, each.a):
                    outer, within = value_of(graph, arm), value_of(graph, bound)
                    yield (within, outer) if inner.is_maximum else (outer, within)


def _is_ordered(graph: Graph, floor: int, cap: int) -> bool:
    """Whether the floor is the cap turned round, `max(-c, min(x, c))`: of a positive c that is in order."""
    return graph.family(floor) is Family.NEGATION and is_same(graph, graph.args[floor][0], cap)
