"""The passes every graph goes through before any backend sees it, in order."""

from __future__ import annotations

from collections.abc import Callable

from compile.passes.reject_out_of_domain import reject_out_of_domain
from dag.graph import Graph

PASSES: tuple[Callable[[Graph], Graph], ...] = (reject_out_of_domain,)


def prepare(graph: Graph) -> Graph:
    """`graph` as the backends take it: checked at the source, with a status."""
    for each in PASSES:
        graph = each(graph)
    return graph
