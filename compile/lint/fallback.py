"""One feed put silently in the place of another."""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.provenance import provenance
from compile.analysis.values import choice_of, extremum_of, value_of
from compile.lint.finding import at, finding, listed
from dag.diagnostics import Diagnostic
from dag.graph import Graph
from dag.marks import Feed, Substitute
from dag.types import Kind


def fallbacks(graph: Graph) -> Iterator[Diagnostic]:
    """E074 for a choice between values of different feeds that nobody declares a `substitute()`, written with `if` or with a mask.

    Only feeds that `feed(...)` names count, and only a choice of numbers: a choice of bools is logic, not data. The smaller or
    larger of two feeds is a value of its own: it stands for neither.
    """
    if not any(isinstance(mark, Feed) for claim in graph.claims for mark in claim.marks):
        return
    declared = {
        value_of(graph, claim.node)
        for claim in graph.claims
        if any(isinstance(mark, Substitute) for mark in claim.marks)
    }
    behind = provenance(graph).declared
    for node in graph.operators():
        if value_of(graph, node) != node or graph.types[node].kind in (Kind.BOOL, Kind.ENUM) or node in declared:
            continue
        choice = choice_of(graph, node)
        if choice is None or choice.chosen is None or choice.otherwise is None or extremum_of(graph, node) is not None:
            continue
        a, b = choice.chosen, choice.otherwise
        if behind[a] and behind[b] and not behind[a] & behind[b]:
            yield finding(
                "E074", graph, node, graph.names[node],
                "no feed in the place of another, unless it is said",
                (
                    f"{at(graph, a)} comes from {listed(sorted(behind[a]))}",
                    f"{at(graph, b)} comes from {listed(sorted(behind[b]))}",
                ),
                "declare the result: x: Annotated[float, substitute()] = a if ok else b; it then counts as coming from both",
            )  # fmt: skip
