"""Lane calls that are computed on every bar and never read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from compile.analysis.flow import reached_from
from compile.lint.finding import finding
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.language.marks import Aside, Claim, ClaimSite
from dag.operators.op import Op


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
                "use it, drop the call, or declare it a diagnostic: x: Annotated[float, diagnostic()] = ...",
                span=claim.span,
            )  # fmt: skip


def dead_calls(graph: Graph) -> dict[int, Claim]:
    """The calls of whose results nothing comes, each with one of its results.

    A result is read where an output or a `diagnostic()` value depends on it, where it goes into a slot (what is plugged in
    decides what it makes of it), and where the call around it returns something of it: a caller may take some of the results.
    An argument that is handed back counts as read where the graph reads it.
    """
    claims_at: dict[ClaimSite, dict[int, list[Claim]]] = {place: {} for place in ClaimSite}
    for claim in graph.claims:
        claims_at[claim.place].setdefault(claim.scope, []).append(claim)
    returned = {
        scope: [claim.node for claim in claims]
        for place in (ClaimSite.RESULT, ClaimSite.RETURNED)
        for scope, claims in claims_at[place].items()
    }
    live = reached_from(graph, _read(graph))

    def is_read(claim: Claim) -> bool:
        return claim.node in live or claim.node in around(graph.scopes[claim.scope].parent)

    @cache
    def around(scope: int) -> set[int]:
        """What the call `scope`, and those around it, make their results of."""
        if not scope:
            return set()
        return reached_from(graph, returned.get(scope, ())) | around(graph.scopes[scope].parent)

    return {
        scope: next(claim for claim in claims if isinstance(graph.ops[claim.node], Op))
        for scope, claims in claims_at[ClaimSite.RESULT].items()
        if any(isinstance(graph.ops[claim.node], Op) for claim in claims) and not any(map(is_read, claims))
    }


def _read(graph: Graph) -> Iterator[int]:
    """What is read for its own sake: outputs, diagnostics, and the arguments of slots."""
    yield from (output.node for output in graph.outputs)
    yield from (claim.node for claim in graph.claims if any(isinstance(mark, Aside) for mark in claim.marks))
    yield from slot_arguments(graph)


def slot_arguments(graph: Graph) -> Iterator[int]:
    """What goes into a slot: what is plugged in decides what it makes of it, and an empty slot makes nothing of it."""
    return (
        claim.node for claim in graph.claims if claim.place is ClaimSite.ARGUMENT and graph.scopes[claim.scope].slot
    )
