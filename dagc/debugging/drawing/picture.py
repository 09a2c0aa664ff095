"""What is drawn of a graph: boxes and arrows, a box a node or a box a call of a lane. Layout and format are others' business."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph, Input, Param
from dag.operators.op import Source
from dag.values.words import show


@dataclass(frozen=True, slots=True)
class Box:
    """A box: what is written in it, in which group it is drawn (a call of a lane), and whether it is a port."""

    title: str
    detail: str
    group: str
    is_port: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """`arrows` are pairs of places in `boxes`, each from what computes to what reads; `back` those that go against the order
    of computing: into a carried value, or from a lane into a call of its own."""

    name: str
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[int, int, str], ...]
    back: tuple[tuple[int, int], ...]


def of_nodes(graph: Graph) -> Picture:
    """A box a node; a constant stands in the box that reads it."""
    boxes: list[Box] = []
    at: dict[int, int] = {}
    for node, op in enumerate(graph.ops):
        if graph.constants[node] is not None:
            continue
        at[node] = len(boxes)
        constants = [show(c, graph.types[a]) for a in graph.args[node] if (c := graph.constants[a]) is not None]
        detail = str(getattr(op, "value", op)) + (f" {', '.join(constants)}" if constants else "")
        group = graph.scopes[graph.owners[node]].path or graph.name
        boxes.append(Box(graph.names[node], detail, group, isinstance(op, Source)))
    arrows = [(at[arg], at[node], "") for node in at for arg in dict.fromkeys(graph.args[node]) if arg in at]
    back = [(at[s.next], at[s.node]) for s in graph.states if s.next in at and s.next != s.node]
    for output in graph.outputs:
        if output.node in at:
            arrows.append((at[output.node], len(boxes), ""))
            boxes.append(Box(output.name, "output", graph.name, is_port=True))
    return Picture(graph.name, tuple(boxes), tuple(arrows), tuple(back))


def of_lanes(graph: Graph) -> Picture:
    """A box a call of a lane, with what it computes and keeps; an arrow says how many values go from one to another.

    Ports of one record stand in one box.
    """
    operators = Counter(graph.owners[node] for node in graph.operators())
    kept = Counter(graph.owners[state.node] for state in graph.states)
    boxes: list[Box] = []
    at: dict[int, int] = {}
    of_port: dict[int, int] = {}
    for kind, ports in (("input", graph.inputs), ("parameter", graph.params)):
        records: dict[str, list[Input | Param]] = {}
        for port in ports:
            records.setdefault(port.name.partition(".")[0], []).append(port)
        for record, members in records.items():
            of_port.update((port.node, len(boxes)) for port in members)
            boxes.append(Box(record, kind if len(members) == 1 else counted(len(members), kind), "", is_port=True))
    for scope, found in enumerate(graph.scopes):
        if operators[scope]:
            at[scope] = len(boxes)
            states = f", {counted(kept[scope], 'state')}" if kept[scope] else ""
            title = found.path or graph.name
            boxes.append(Box(title, f"{found.lane}: {counted(operators[scope], 'operator')}{states}", title))

    def home(node: int) -> int | None:
        """The box that a value comes from; a constant comes from none."""
        return None if graph.constants[node] is not None else of_port.get(node, at.get(graph.owners[node]))

    values: dict[tuple[int, int], set[int]] = {}
    for node in graph.operators():
        for arg in graph.args[node]:
            source, reader = home(arg), at[graph.owners[node]]
            if source is not None and source != reader:
                values.setdefault((source, reader), set()).add(arg)
    for output in graph.outputs:
        source = home(output.node)
        if source is not None:
            values.setdefault((source, len(boxes)), set()).add(output.node)
        boxes.append(Box(output.name, "output", "", is_port=True))
    # A lane that computes an argument of a call and reads its result stands below it, where its last value is computed.
    last = {at[graph.owners[node]]: node for node in graph.operators()}
    back = tuple(pair for pair in values if last.get(pair[0], -1) > last.get(pair[1], len(graph)))
    arrows = tuple(
        (a, b, "" if len(nodes) == 1 else str(len(nodes))) for (a, b), nodes in values.items() if (a, b) not in back
    )
    return Picture(graph.name, tuple(boxes), arrows, back)
