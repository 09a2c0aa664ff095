"""NaN that becomes a number."""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.facts import Floats
from compile.analysis.flow import reached_from_outputs
from compile.analysis.ranges import ranges
from compile.lint.finding import at, finding
from dag import ops
from dag.diagnostics import Diagnostic
from dag.graph import Graph

_BOUNDS = (ops.MIN, ops.MAX, ops.MIN_F32, ops.MAX_F32)


def swallowed_nans(graph: Graph) -> Iterator[Diagnostic]:
    """W023 for each min or max behind a result that makes a finite number of an operand that can be NaN."""
    candidates = [node for node in graph.operators() if graph.ops[node] in _BOUNDS and not graph.total[node]]
    if not candidates:
        return
    facts = ranges(graph).facts
    live = reached_from_outputs(graph)
    for node in candidates:
        result, args = facts[node], graph.args[node]
        assert isinstance(result, Floats)
        if node not in live or result.nan:
            continue
        for arg in args:
            fact = facts[arg]
            assert isinstance(fact, Floats)
            if fact.nan:
                other = args[1] if arg == args[0] else args[0]
                yield finding(
                    "W023", graph, node, graph.names[node],
                    "NaN to stay NaN, or to be refused by name",
                    (f"where {at(graph, arg)} is NaN, `{graph.ops[node]}` gives {at(graph, other)} as if nothing were wrong",),
                    "ask first: `... if x == x else ...`; or put it first: max(x, floor) keeps NaN, max(floor, x) does not",
                )  # fmt: skip
