"""Differences taken the wrong way round."""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.orientation import meetings
from compile.lint.finding import at, declared_at, finding, role
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph


def opposite_orientations(graph: Graph) -> Iterator[Diagnostic]:
    """E070 where opposite `oriented(...)` values meet, or a value is not what it is declared to be."""
    for met in meetings(graph):
        if met.claim is None:
            yield finding(
                "E070", graph, met.node, graph.names[met.node],
                f"values of one orientation in `{graph.ops[met.node]}`",
                (f"{met.first} and {met.second}",),
                "negate one of them: -x turns the difference round",
            )  # fmt: skip
            continue
        flipped = met.first == met.second.reversed
        yield finding(
            "E070", graph, met.node, graph.names[met.node],
            f"{role(graph, met.claim)} to be {met.second}, as {declared_at(met.claim)}",
            (f"{at(graph, met.node)} is {met.first}",),
            "negate it, -x turns the difference round; or mend the declaration" if flipped else "give the difference that is declared",
            span=met.claim.span, claims=(met.claim,),
        )  # fmt: skip
