"""Values that are taken for independent and share a feed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from compile.analysis.provenance import provenance
from compile.lint.finding import at, declared_at, finding, listed, role
from dag.diagnostics import Diagnostic
from dag.graph import Graph
from dag.marks import Claim, Fuses, Independent


def shared_sources(graph: Graph) -> Iterator[Diagnostic]:
    """E072 for each pair of `independent` values, and E073 for each pair of fused ones, with a feed in common.

    Of a group only the pairs of each value with those before it are told, and of those the first.
    """
    groups: dict[tuple[int, Independent | Fuses], list[Claim]] = {}
    for claim in graph.claims:
        for mark in claim.marks:
            if isinstance(mark, Independent | Fuses):
                groups.setdefault((claim.scope, mark), []).append(claim)
    behind = provenance(graph).of if groups else ()
    for (scope, mark), claims in groups.items():
        if isinstance(mark, Fuses) and mark.covariance is not None:
            yield from _covariance(graph, scope, mark.covariance, claims[0])
            continue
        told: set[str] = set()
        for first, second in combinations(claims, 2):
            common = behind[first.node] & behind[second.node]
            if common and second.name not in told:
                told.add(second.name)
                yield _overlap(graph, mark, first, second, sorted(common))


def _overlap(graph: Graph, mark: Independent | Fuses, first: Claim, second: Claim, common: list[str]) -> Diagnostic:
    fused = isinstance(mark, Fuses)
    fix = "take them from different feeds, or keep one of them"
    return finding(
        "E073" if fused else "E072", graph, second.node, second.name or graph.names[second.node],
        f"values of the group `{mark.group}` without a feed in common, as {declared_at(second)}",
        (
            f"{role(graph, first)}: {at(graph, first.node)}",
            f"{role(graph, second)}: {at(graph, second.node)}",
            f"both come from {listed(common)}",
        ),
        f'{fix}; or say how they move together: fuses("{mark.group}", covariance="rho"), an argument of {graph.scopes[second.scope].lane}' if fused else fix,
        span=second.span,
    )  # fmt: skip


def _covariance(graph: Graph, scope: int, name: str, claim: Claim) -> Iterator[Diagnostic]:
    """A covariance counts where it is an argument of the lane and something comes of it."""
    given = [each for each in graph.claims if each.scope == scope and each.name == name]
    results = {each.node for each in graph.claims if each.scope == scope and each.place.value in ("result", "output")}
    if any(each.node in _above(graph, results) for each in given):
        return
    lane = graph.scopes[scope].lane
    got = f"`{name}`, {'which no result of it depends on' if given else 'which is no argument of it'}"
    yield finding(
        "E073", graph, claim.node, claim.name,
        f"a covariance that {lane} computes with, as {declared_at(claim)}",
        (got,),
        f"make `{name}` an argument of {lane} and use it in the fusion",
        span=claim.span,
    )  # fmt: skip


def _above(graph: Graph, nodes: set[int]) -> set[int]:
    above = set(nodes)
    for node in range(len(graph) - 1, -1, -1):
        if node in above:
            above.update(graph.args[node])
    return above
