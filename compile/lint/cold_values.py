"""Values that are read before they are warm."""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.unasked import asking, depends_on, unasked
from compile.lint.finding import finding, listed
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.values.types import BOOL


def cold_values(graph: Graph) -> Iterator[Diagnostic]:
    """W024 for each value carried with `warm_up=` that reaches a result without anyone asking `warm(...)`.

    A lane that returns a bool that depends on it beside the value leaves the question to its caller.
    """
    for carried, flag in warm_flags(graph).items():
        asks = depends_on(graph, [flag])
        if any(asks[output.node] and graph.types[output.node] == BOOL for output in graph.outputs):
            continue
        parts = [state for state in graph.states if state.warm_up and f"{state.name}.".startswith(f"{carried}.")]
        ends: dict[str, None] = {}
        for state in parts:
            reached = unasked(graph, state.node, asking(asks))
            ends |= {f"`{each.name}`": None for each in graph.outputs if reached[each.node]}
        if ends:
            name = carried.rpartition(".")[2]
            yield finding(
                "W024", graph, parts[0].node, carried,
                f"`{name}`, cold for its first {parts[0].warm_up} updates, asked whether it is warm before it is used",
                (f"it goes into {listed(list(ends))}, cold or warm",),
                f"say what is used meanwhile: `{name} if warm({name}) else ...`; or return warm({name}) beside it",
            )  # fmt: skip


def warm_flags(graph: Graph) -> dict[str, int]:
    """The tap `x.warm` of each `x = carry(warm_up=...)`: the carried name, and the flag's node."""
    counted = [f"{state.name}." for state in graph.states if state.warm_up]
    ends = [(tap.name.removesuffix(".warm"), tap.node) for tap in graph.taps if tap.name.endswith(".warm")]
    return {carried: node for carried, node in ends if any(state.startswith(f"{carried}.") for state in counted)}
