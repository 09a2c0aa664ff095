"""Which feeds a value comes from, over all bars: the names that `feed(...)` gives to inputs, or else the inputs themselves.

Everything counts that can change the value: operands, conditions, and what a state has kept of earlier bars. Parameters do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compile.analysis.flow import forward
from dag.graphs.graph import Graph
from dag.language.marks import Feed
from dag.operators.op import Source


@dataclass(frozen=True, slots=True)
class Provenance:
    """For each node the feeds behind it, and of them those that a `feed(...)` names."""

    of: tuple[frozenset[str], ...]
    declared: tuple[frozenset[str], ...]


def provenance(graph: Graph) -> Provenance:
    """The provenance of every node of `graph`."""
    named: dict[int, frozenset[str]] = {}
    for claim in graph.claims:
        feeds = frozenset(mark.name for mark in claim.marks if isinstance(mark, Feed))
        if feeds:
            named[claim.node] = named.get(claim.node, frozenset()) | feeds
    inputs = {port.node: frozenset({port.name}) for port in graph.inputs}
    nobody: frozenset[str] = frozenset()

    def feeds_of(node: int, operands: Sequence[frozenset[str]]) -> frozenset[str]:
        own = named.get(node, inputs.get(node, nobody) if graph.ops[node] is Source.INPUT else nobody)
        return own.union(*operands)

    def declared_of(node: int, operands: Sequence[frozenset[str]]) -> frozenset[str]:
        return named.get(node, nobody).union(*operands)

    return Provenance(tuple(forward(graph, nobody, feeds_of)), tuple(forward(graph, nobody, declared_of)))
