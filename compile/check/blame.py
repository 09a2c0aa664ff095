"""A divergence run again on its own: is it still there, on how few bars, what else differs, and from what it was computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from compile.backend import Batch, Result, Runner
from compile.check.compare import Comparison, comparable_nodes, compare
from compile.check.run import bars_of
from dag.graphs.graph import Graph
from dag.values.words import words_of_column


@dataclass(frozen=True, slots=True)
class Blame:
    """One instance in the interpreter and in `backend`. `comparison.first` is None where it is right when run alone."""

    backend: str
    batch: Batch
    exact: Result
    other: Result
    comparison: Comparison
    #: Bars before `batch` that were cut off, the state they left being its start.
    skipped: int


def blame(graph: Graph, reference: Runner, backend: str, runner: Runner, batch: Batch) -> Blame:
    """Replay `batch`, one instance, and keep its last bar alone where that is wrong in the same way."""
    nodes = comparable_nodes(graph)
    whole = _blamed(graph, reference, backend, runner, batch, nodes, 0)
    first = whole.comparison.first
    if first is None or first.bar == 0:
        return whole
    before = reference.run(bars_of(batch, 0, first.bar, None), nodes)
    last = _blamed(
        graph, reference, backend, runner, bars_of(batch, first.bar, first.bar + 1, before.state), nodes, first.bar
    )
    again = last.comparison.first
    return last if again is not None and again.node.name == first.node.name else whole


def _blamed(
    graph: Graph, reference: Runner, backend: str, runner: Runner, batch: Batch, nodes: list[int], skipped: int
) -> Blame:
    exact, other = reference.run(batch, nodes), runner.run(batch, nodes)
    return Blame(backend, batch, exact, other, compare(graph, exact, other, backend, nodes), skipped)


def differing(graph: Graph, found: Blame, bar: int) -> list[int]:
    """The nodes that differ on one bar, in order."""
    return [
        node
        for node in sorted(found.exact.nodes)
        if not np.array_equal(
            words_of_column(found.exact.nodes[node][bar], graph.types[node]),
            words_of_column(found.other.nodes[node][bar], graph.types[node]),
        )
    ]


def cone(graph: Graph, node: int) -> dict[int, int]:
    """What `node` is computed from within a bar, constants aside: each node, and how many operators it is away."""
    away = {node: 0}
    for each in range(node, -1, -1):
        if each in away:
            for arg in graph.args[each]:
                if graph.constants[arg] is None:
                    away[arg] = min(away.get(arg, len(graph)), away[each] + 1)
    return away
