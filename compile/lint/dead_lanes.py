"""Lanes that are computed on every bar and that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.flow import reached_from_outputs
from compile.lint.finding import finding
from dag.diagnostics import Diagnostic
from dag.graph import Graph
from dag.marks import Aside, Claim, Place
from dag.ops import Op


def dead_lanes(graph: Graph) -> Iterator[Diagnostic]:
    """E079 for each call of a lane of whose results nothing comes: no output depends on any, at this bar or a later one.

    A call inside such a call is not told on top. `diagnostic()` on the result, or on the variable that it goes into, excuses it.
    """
    dead = dead_calls(graph)
    for scope, claim in dead.items():
        if graph.scopes[scope].parent not in dead:
            lane = graph.scopes[scope].lane
            yield finding(
                "E079", graph, claim.node, graph.scopes[scope].path,
                "every call of a lane to have an effect on a result, at this bar or a later one",
                (f"no result depends on what `{lane}` returns",),
                "use it, drop the call, or declare that it is there to be looked at: x: Annotated[float, diagnostic()] = ...",
                span=claim.span,
            )  # fmt: skip


def dead_calls(graph: Graph) -> dict[int, Claim]:
    """The calls of whose results nothing comes, each with one of its results."""
    live = reached_from_outputs(graph)
    excused = {claim.node for claim in graph.claims if any(isinstance(mark, Aside) for mark in claim.marks)}
    results: dict[int, list[Claim]] = {}
    for claim in graph.claims:
        if claim.place is Place.RESULT and isinstance(graph.ops[claim.node], Op):
            results.setdefault(claim.scope, []).append(claim)
    return {
        scope: claims[0]
        for scope, claims in results.items()
        if not any(claim.node in live or claim.node in excused for claim in claims)
    }
