"""Factors that enter a product twice."""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.conditions import Conditions
from compile.analysis.decisions import FALSE, TooLarge
from compile.analysis.products import entered_twice
from compile.lint.finding import at, declared_at, finding
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.language.marks import Claim, Once


def repeated_factors(graph: Graph) -> Iterator[Diagnostic]:
    """E076 where a `once()` factor enters the product behind a result twice, under conditions that can hold together."""
    factors: dict[int, Claim] = {}
    for claim in graph.claims:
        if any(isinstance(mark, Once) for mark in claim.marks):
            factors.setdefault(claim.node, claim)
    known = Conditions(graph)
    for factor, claim in factors.items():
        try:
            twice = entered_twice(graph, factor, known)
        except TooLarge:
            yield _about(graph, claim, claim.node, "a result", "the conditions on its way are too many to prove it")
            continue
        for output in graph.outputs:
            example = known.example(twice.get(output.node, FALSE))
            if example is not None:
                second = next(node for node, when in twice.items() if when != FALSE)
                shown = ", ".join(f"`{graph.names[node]}` is {str(truth).lower()}" for node, truth in example.items())
                yield _about(
                    graph, claim, second, f"`{output.name}`", f"it enters again here{shown and f', where {shown}'}"
                )
                break


def _about(graph: Graph, claim: Claim, node: int, output: str, got: str) -> Diagnostic:
    return finding(
        "E076", graph, node, graph.names[node],
        f"{at(graph, claim.node)} once in the product behind {output}, as {declared_at(claim)}",
        (got,),
        "apply it in one place, or let one condition decide which: `x * f if here else x`, then `y if here else y * f`",
        claims=(claim,),
    )  # fmt: skip
