"""Values that are taken for independent and share a feed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from compile.analysis.provenance import provenance
from compile.lint.finding import declared_at, finding, listed
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.language.marks import Claim, Fuses, Independent


def shared_sources(graph: Graph) -> Iterator[Diagnostic]:
    """E072 for each group of `independent` values with a feed in common, and E073 for each of fused ones, with its feeds."""
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
        common = _common([behind[claim.node] for claim in claims])
        if common:
            yield _overlap(graph, mark, claims, [behind[claim.node] for claim in claims], common)


def _common(feeds: Sequence[frozenset[str]]) -> list[str]:
    """The feeds behind more than one value."""
    counts = Counter(name for each in feeds for name in each)
    return sorted(name for name, count in counts.items() if count > 1)


def _overlap(
    graph: Graph, mark: Independent | Fuses, claims: list[Claim], feeds: list[frozenset[str]], common: list[str]
) -> Diagnostic:
    lane = graph.scopes[claims[0].scope].lane
    names = [claim.name for claim in claims]
    width = max(map(len, names))
    shared = [each for each in feeds if each & set(common)]
    apart = len(claims) - len(shared) + len(_components(shared))
    fix = "take them from different feeds, or keep one of them"
    covariance = f'; or say how they move together: fuses("{mark.group}", covariance="rho"), an argument of {lane}'
    fused = isinstance(mark, Fuses)
    return finding(
        "E073" if fused else "E072", graph, claims[-1].node, lane,
        f"{len(claims)} values of `{mark.group}` without a feed in common, as {declared_at(claims[0])}",
        tuple(
            f"{name:<{width}}  from {listed(sorted(each)) or 'no feed'}" for name, each in zip(names, feeds, strict=True)
        ),
        fix + covariance if fused else fix,
        (f"what shares a feed counts once: {len(claims)} values, {apart} independent",),
        span=claims[-1].span, claims=claims[:1],
    )  # fmt: skip


def _components(feeds: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """The feeds, those together that some value has in common."""
    groups: list[frozenset[str]] = []
    for each in feeds:
        apart = [group for group in groups if not group & each]
        groups = [*apart, each.union(*(group for group in groups if group & each))]
    return groups


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
        span=claim.span, claims=(claim,),
    )  # fmt: skip


def _above(graph: Graph, nodes: set[int]) -> set[int]:
    above = set(nodes)
    for node in range(len(graph) - 1, -1, -1):
        if node in above:
            above.update(graph.args[node])
    return above
