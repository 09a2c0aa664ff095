"""Floors that beat the cap below them."""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.facts import Floats, Integers, show
from compile.analysis.ranges import Ranges, ranges
from compile.lint.finding import at, finding
from dag import ops
from dag.diagnostics import Diagnostic
from dag.graph import Graph
from dag.ops import Source

_MINIMA = {ops.MAX: ops.MIN, ops.MAX_F32: ops.MIN_F32, ops.IMAX: ops.IMIN}


def floors_over_caps(graph: Graph) -> Iterator[Diagnostic]:
    """W022 for each `max(floor, min(x, cap))` whose cap can be below the floor: there the floor is the result.

    The bounds are the operands that do not come out of a clamp themselves: parameters, constants, inputs and what is made of
    them. Where both may be the value that is clamped, the second is taken for the bound.
    """
    known: Ranges | None = None
    for node in graph.operators():
        minimum = _MINIMA.get(graph.ops[node])  # type: ignore[arg-type]
        args = graph.args[node]
        inner = next((arg for arg in args if graph.ops[arg] is minimum), None)
        if minimum is None or inner is None or graph.total[node]:
            continue
        floor = args[1] if inner == args[0] else args[0]
        known = known or ranges(graph)
        for cap in _caps(graph, inner):
            low, high = known.facts[cap], known.facts[floor]
            assert isinstance(low, Floats | Integers)
            assert isinstance(high, Floats | Integers)
            if cap != floor and low.lo < high.hi and not _is_ordered(graph, floor, cap):
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


def _caps(graph: Graph, minimum: int) -> list[int]:
    """The operands of a minimum that bound it: those that are no computation, else the second."""
    plain = [arg for arg in graph.args[minimum] if graph.ops[arg] in (Source.CONST, Source.PARAM)]
    return plain or [graph.args[minimum][1]]


def _is_ordered(graph: Graph, floor: int, cap: int) -> bool:
    """Whether the floor is the cap turned round, `max(-c, min(x, c))`: of a positive c that is in order."""
    return graph.ops[floor] in (ops.NEG, ops.NEG_F32, ops.INEG) and graph.args[floor] == (cap,)
