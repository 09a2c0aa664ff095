"""The passes every graph goes through before any backend sees it, in order."""

from __future__ import annotations

from collections.abc import Callable

from compile.passes.flush_subnormals import flush_subnormals
from compile.passes.reject_out_of_domain import reject_out_of_domain
from dag.floating_point import in_standard_environment
from dag.graph import Graph
from dag.lane import FLUSH, KEEP

PASSES: tuple[Callable[[Graph], Graph], ...] = (reject_out_of_domain,)


@in_standard_environment
def prepare(graph: Graph, subnormals: str = KEEP) -> Graph:
    """`graph` as the backends take it: checked at the source, with a status; with `subnormals` "flush", in that profile."""
    for each in PASSES:
        graph = each(graph)
    return flush_subnormals(graph) if subnormals == FLUSH else graph
