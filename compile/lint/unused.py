"""What is declared and never used."""

from __future__ import annotations

from collections.abc import Iterator

from compile.lint.cold_values import warm_flags
from compile.lint.dead_lanes import slot_arguments
from compile.lint.finding import finding
from compile.lint.silences import silences_at
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.language.marks import Aside, ClaimSite


def unused(graph: Graph) -> Iterator[Diagnostic]:
    """Parameters, inputs and named values that no output and no carried value depends on."""
    live = _live_nodes(graph)
    yield from _unread_parameters(graph, live)
    yield from _unread_inputs(graph, live)
    yield from _unused_values(graph, live)


def _live_nodes(graph: Graph) -> set[int]:
    """The nodes that an output, a state's next value, the status or the argument of a slot depends on."""
    live = (
        {output.node for output in graph.outputs} | {state.next for state in graph.states} | set(slot_arguments(graph))
    )
    if graph.status is not None:
        live.add(graph.status)
    for node in reversed(range(len(graph))):
        if node in live:
            live.update(graph.args[node])
    return live


def _unread_parameters(graph: Graph, live: set[int]) -> Iterator[Diagnostic]:
    entered = {claim.node: claim.span for claim in graph.claims if claim.place is ClaimSite.PARAM}
    for port in graph.params:
        if port.node not in live and not silences_at(entered.get(port.node), "W001"):
            yield finding(
                "W001", graph, port.node, port.name,
                "every parameter to have an effect on an output or a carried value",
                ("no output and no carried value depends on it",),
                f"use `{port.name}`, or delete the field",
            )  # fmt: skip


def _unread_inputs(graph: Graph, live: set[int]) -> Iterator[Diagnostic]:
    for port in graph.inputs:
        if port.node not in live:
            yield finding(
                "W002", graph, port.node, port.name,
                "every input to have an effect on an output or a carried value",
                ("no output and no carried value depends on it; rows outside its domain are rejected all the same",),
                f"use `{port.name}`, or delete the argument",
            )  # fmt: skip


def _unused_values(graph: Graph, live: set[int]) -> Iterator[Diagnostic]:
    """W003 for each assignment of the root lane none of whose values is used.

    What a called lane does not need of itself is told where it is linted itself, and a plain function may need it in another
    call. An assignment in a loop, or of several values, is one: the last turn of a loop may have no use for what it leaves.
    """
    excused = {claim.node for claim in graph.claims if any(isinstance(mark, Aside) for mark in claim.marks)}
    named = {tap.node for tap in graph.taps} - set(warm_flags(graph).values()) - excused
    used = {graph.spans[node] for node in live}
    for node in graph.operators():
        if node in named and node not in live and not graph.owners[node] and graph.spans[node] not in used:
            used.add(graph.spans[node])  # told once
            yield finding(
                "W003", graph, node, graph.names[node],
                "every value to be used",
                ("no output and no carried value depends on it; it is computed only to be tapped",),
                "use it, or delete its assignment",
            )  # fmt: skip
