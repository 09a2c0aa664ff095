"""Capped values where the raw ones are to be observed."""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.clamp_lineage import clamps_upstream
from compile.lint.finding import at, declared_at, finding, role
from compile.operand_text import whole_text
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.language.marks import Observes


def capped_observations(graph: Graph) -> Iterator[Diagnostic]:
    """E071 for every value declared `observes("raw")` that a clamp has changed."""
    raw = [claim for claim in graph.claims if any(isinstance(mark, Observes) for mark in claim.marks)]
    upstream = clamps_upstream(graph) if raw else ()
    for claim in raw:
        if upstream[claim.node]:
            first = min(upstream[claim.node])
            yield finding(
                "E071", graph, claim.node, claim.name or graph.names[claim.node],
                f"{role(graph, claim)} to be raw, as {declared_at(claim)}: no clamp upstream",
                (f"{at(graph, claim.node)}, clamped by {at(graph, first)}: `{whole_text(graph, first)}`",),
                "take the value before the clamp; what the clamp cut off is lost for everything after it",
                span=claim.span, claims=(claim,),
            )  # fmt: skip
