"""Logs that a run cannot be computed from again."""

from __future__ import annotations

from collections.abc import Iterator

from compile.lint.finding import finding, listed
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.language.marks import Claim, Logged
from dag.operators.op import Source


def incomplete_logs(graph: Graph) -> Iterator[Diagnostic]:
    """E084 where the `logged()` values, with the parameters, do not determine every other value of a bar and of all later ones."""
    logged: dict[int, Claim] = {}
    for claim in graph.claims:
        if any(isinstance(mark, Logged) for mark in claim.marks):
            logged.setdefault(claim.node, claim)
    if not logged:
        return
    known = determined(graph, set(logged))
    lost = [tap.name for tap in graph.taps if tap.node not in known]
    inputs = [f"`{port.name}`" for port in graph.inputs if port.node not in known]
    lost += [output.name for output in graph.outputs if output.node not in known and output.name not in lost]
    if lost:
        first = next(iter(logged.values()))
        shown = [f"`{graph.names[node]}`" for node in logged]
        yield finding(
            "E084", graph, first.node, first.name or graph.names[first.node],
            "logged values that determine all others",
            (
                f"from {listed(shown)} and the parameters these cannot be computed: {listed([f'`{name}`' for name in lost])}",
                f"they need {listed(inputs)}",
            ),
            "declare what is missing logged() too; the inputs are always enough",
            span=first.span,
        )  # fmt: skip


def determined(graph: Graph, logged: set[int]) -> set[int]:
    """The nodes whose words follow, at every bar from the first one on, from those of `logged` and the parameters.

    A state follows where its next value does: its first value is part of the graph.
    """
    states = {state.node: state.next for state in graph.states}
    held = set(states)
    while True:
        known: set[int] = set()
        for node, op in enumerate(graph.ops):
            given = (
                node in held
                if op is Source.STATE
                else op is not Source.INPUT and all(a in known for a in graph.args[node])
            )
            if given or node in logged:
                known.add(node)
        kept = {node for node in held if states[node] in known}
        if kept == held:
            return known
        held = kept
