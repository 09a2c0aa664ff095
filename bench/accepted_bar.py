"""The bar that the benchmarks step: a value inside its domain for every input."""

from __future__ import annotations

from dag.graphs.graph import Graph
from dag.values.types import Value
from dag.values.words import value_of, word_of


def accepted_bar(graph: Graph) -> dict[str, Value]:
    """1, 0 or an end of the domain for each input, whichever is allowed first."""
    values: dict[str, Value] = {}
    for port in graph.inputs:
        type_ = graph.types[port.node]
        candidates: list[Value] = [1, 0, port.domain.lo, port.domain.hi]
        value = next(candidate for candidate in candidates if port.domain.contains(candidate))
        values[port.name] = value_of(word_of(value, type_), type_)
    return values
