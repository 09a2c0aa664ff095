"""What is declared and never used."""

from __future__ import annotations

from collections.abc import Iterator

from compile.lint.cold_values import warm_flags
from compile.lint.finding import finding
from compile.lint.silences import silences_at
from dag.diagnostics import Diagnostic
from dag.graph import Graph
from dag.marks import Aside, Place


def unused(graph: Graph) -> Iterator[Diagnostic]:
    """Parameters, inputs and named values that no output and no carried value depends on."""
    live = _live_nodes(graph)
    yield from _unread_parameters(graph, live)
    yield from _unread_inputs(graph, live)
    yield from _unused_values(graph, live)


def _live_nodes(graph: Graph) -> set[int]:
    """The nodes that an output, a state's next value or the status depends on."""
    live = {output.node for output in graph.outputs} | {state.next for state in graph.states}
    if graph.status is not None:
        live.add(graph.status)
    for node in reversed(range(len(graph))):
        if node in live:
            live.update(graph.args[node])
    return live


def _unread_parameters(graph: Graph, live: set[int]) -> Iterator[Diagnostic]:
    entered = {claim.node: claim.span for claim in graph.claims if claim.place is Place.PARAM}
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
    # What a lane does not need of itself is said of it where it is linted itself; of a call, only whether anything of it is read.
    calls = {claim.scope for claim in graph.claims if claim.place is Place.RESULT}
    excused = {claim.node for claim in graph.claims if any(isinstance(mark, Aside) for mark in claim.marks)}
    named = {tap.node for tap in graph.taps} - set(warm_flags(graph).values()) - excused
    for node in graph.operators():
        if node in named and node not in live and not _is_inside(graph, graph.owners[node], calls):
            yield finding(
                "W003", graph, node, graph.names[node],
                "every value to be used",
                ("no output and no carried value depends on it; it is computed only to be tapped",),
                "use it, or delete its assignment",
            )  # fmt: skip


def _is_inside(graph: Graph, scope: int, calls: set[int]) -> bool:
    """Whether a call is one of `calls`, or inside one."""
    while scope not in calls and scope:
        scope = graph.scopes[scope].parent
    return scope in calls
