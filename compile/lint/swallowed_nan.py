"""NaN that becomes a number."""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.demand import demand
from compile.analysis.facts import Floats, is_empty
from compile.analysis.flow import reached_from_outputs
from compile.analysis.ranges import ranges_once
from compile.analysis.values import Extremum, extremum_of
from compile.lint.finding import at, finding
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.operators.table import Family

#: What passes a NaN over; arithmetic keeps it.
_SWALLOW = (Family.MINIMUM, Family.MAXIMUM, Family.CHOICE)


def swallowed_nans(graph: Graph) -> Iterator[Diagnostic]:
    """W023 for each min or max behind a result, in any spelling, that makes a number of a NaN on some path where it counts."""
    candidates = {
        node: extremum
        for node in graph.operators()
        if graph.family(node) in _SWALLOW and graph.types[node].is_float and not graph.total[node]
        and (extremum := extremum_of(graph, node)) is not None
    }  # fmt: skip
    if not candidates:
        return
    known = ranges_once(graph)
    live = reached_from_outputs(graph)
    paths = demand(graph)
    for node, extremum in candidates.items():
        if node not in live or not _swallows(known.facts[extremum.kept], known.facts[extremum.challenger]):
            continue
        possible = (known.along(path) for path in paths[node])
        if not any(
            here is not None and _swallows(known.under(here, extremum.kept), known.under(here, extremum.challenger))
            for here in possible
        ):
            continue
        yield _about(graph, node, extremum)


def _swallows(kept: object, challenger: object) -> bool:
    assert isinstance(kept, Floats)
    assert isinstance(challenger, Floats)
    return challenger.nan and not kept.nan and not is_empty(kept)


def _about(graph: Graph, node: int, extremum: Extremum) -> Diagnostic:
    word = "max" if extremum.is_maximum else "min"
    nan, other = at(graph, extremum.challenger), at(graph, extremum.kept)
    return finding(
        "W023", graph, node, graph.names[node],
        "NaN to stay NaN, or to be refused by name",
        (f"where {nan} is NaN, this {word} gives {other} as if nothing were wrong",),
        "ask first: `... if x == x else ...`; or put it first: max(x, floor) keeps NaN, max(floor, x) does not",
    )  # fmt: skip
