"""What is worked out once for a graph."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from dag.graphs.graph import Graph

T = TypeVar("T")


def once(analysis: Callable[[Graph], T]) -> Callable[[Graph], T]:
    """`analysis`, which keeps its result for the graph that it was asked of last: that object, since to compare two takes long."""
    kept: list[tuple[Graph, T]] = []

    @wraps(analysis)
    def ask(graph: Graph) -> T:
        if not kept or kept[0][0] is not graph:
            kept[:] = [(graph, analysis(graph))]
        return kept[0][1]

    return ask
