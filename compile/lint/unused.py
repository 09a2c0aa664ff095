"""What is declared and never used."""

from __future__ import annotations

from collections.abc import Iterator

from compile.lint.finding import finding
from dag.diagnostics import Diagnostic
from dag.graph import Graph


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
    for port in graph.params:
        if port.node not in live:
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
    named = {tap.node for tap in graph.taps} - _warm_flags(graph)
    for node in graph.operators():
        if node in named and node not in live:
            yield finding(
                "W003", graph, node, graph.names[node],
                "every value to be used",
                ("no output and no carried value depends on it; it is computed only to be tapped",),
                "use it, or delete its assignment",
            )  # fmt: skip


def _warm_flags(graph: Graph) -> set[int]:
    """What `carry(warm_up=...)` is there to be tapped: nobody assigned it."""
    counted = [f"{state.name}." for state in graph.states if state.warm_up]
    ends = [(tap.name.removesuffix("warm"), tap.node) for tap in graph.taps if tap.name.endswith(".warm")]
    return {node for carried, node in ends if any(state.startswith(carried) for state in counted)}
