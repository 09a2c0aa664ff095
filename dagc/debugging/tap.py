"""What did any value say at bar N, and why: its operands, their values, and for a choice, which arm was taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from compile.backend import Batch, Runner
from compile.check.run import bars_of
from compile.lint.silences import without_silence
from compile.operand_text import as_written
from dag.graphs.graph import Graph
from dag.operators.op import Family, Law, Op
from dag.operators.table import ON_ARRAYS, OR
from dag.values.types import I64, Value
from dag.values.words import show, word_of, words_of_column
from dagc.debugging.assigned import assigned_at, deciding
from dagc.debugging.tap_names import TapNames
from dagc.replay.rejections import Rejections, rejection_text


@dataclass(frozen=True, slots=True)
class NodeReading:
    """One node at one bar."""

    name: str
    type: str
    unit: str
    value: str
    word: str
    at: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class TapReading:
    """A node at a bar with what it was computed from. `chosen` names the operand that a select, min, max, `and` or `or` passed on."""

    bar: int
    backend: str
    node: NodeReading
    op: str
    operands: tuple[NodeReading, ...]
    chosen: str | None
    also_called: tuple[str, ...]
    #: Which port rejected the bar: "1 bar by input `x`, ..."; empty where the bar was accepted.
    rejected: str


def tap(
    graph: Graph, runner: Runner, backend: str, batch: Batch, bar: int, node: int, place: int | None = None
) -> TapReading:
    """`node` at `bar` of a replay of `batch` (one instance, longer than `bar`); of a value along an axis one place, or all (None)."""
    names = TapNames(graph)
    written = as_written(graph, node)
    operands = [_without_widening(graph, arg) for arg in graph.args[written]]
    read = dict.fromkeys((node, *operands, *deciding(graph, node)))
    known = [n for n in read if not graph.types[n].is_memory]
    of_status = [] if graph.status is None else [graph.status]
    of_status = [n for n in of_status if graph.constants[n] is None]
    wanted = [*dict.fromkeys((*(n for n in known if graph.constants[n] is None), *of_status))]
    result = runner.run(bars_of(batch, 0, bar + 1, batch.state), wanted)

    def column(at: int) -> Any:
        return result.nodes[at][bar, 0]

    def here(at: int) -> int | None:
        """The place of `at` that is shown: the one that is asked for, where `at` is along that axis."""
        return place if place is not None and graph.types[at].axis == graph.types[node].axis else None

    def value(at: int) -> Value:
        constant, at_place = graph.constants[at], here(at)
        if constant is not None:
            return constant
        read: Value = (column(at) if at_place is None else column(at)[at_place]).item()
        return read

    def called(at: int) -> str:
        """Its name. Equal constants are one node, whose name may come from elsewhere: say what it is instead."""
        constant, at_place, axis = graph.constants[at], here(at), graph.types[at].axis
        if constant is not None:
            return show(constant, graph.types[at])
        return names.spelling(at) + (f"[{axis.labels[at_place]}]" if axis is not None and at_place is not None else "")

    def is_whole(at: int) -> bool:
        return graph.types[at].is_array and here(at) is None

    def places(at: int) -> str:
        """All places of a value along an axis."""
        type_ = graph.types[at]
        if type_.axis is None:
            return f"{type_}"
        shown = zip(type_.axis.labels, column(at), strict=True)
        return ", ".join(f"[{label}] {show(each.item(), type_.element)}" for label, each in shown)

    def seen(at: int) -> NodeReading:
        type_ = graph.types[at]
        decided = at == node and not any(is_whole(each) for each in deciding(graph, node))
        span = assigned_at(graph, at, lambda condition: bool(value(condition))) if decided else graph.spans[at]
        return NodeReading(
            called(at),
            str(type_),
            graph.units[at],
            places(at) if is_whole(at) else show(value(at), type_),
            "" if is_whole(at) else f"0x{word_of(value(at), type_):016x}",
            span.at if span else None,
            without_silence(span.text).strip() if span else None,
        )

    op = graph.ops[written]
    whole = op in ON_ARRAYS or any(map(is_whole, (node, *operands)))
    chosen = None if whole else _chosen(graph, written, [value(arg) for arg in operands], value(node))
    return TapReading(
        bar,
        backend,
        seen(node),
        str(op) if isinstance(op, Op) else op.name.lower(),
        tuple(seen(arg) for arg in operands),
        None if chosen is None else called(operands[chosen]),
        tuple(names.variable(tap.name) for tap in graph.taps if tap.node == node and tap.name != graph.names[node]),
        "".join(_rejected(graph, batch, bar, column(status)) for status in of_status),
    )


def _rejected(graph: Graph, batch: Batch, bar: int, status: Any) -> str:
    """What rejected the bar; nothing where it was accepted."""
    counting = Rejections(graph, {name: column[0].item() for name, column in batch.params.items()})
    inputs = {name: column[bar : bar + 1, 0] for name, column in batch.inputs.items()}
    counting.update(words_of_column(np.array([status]), I64), inputs, bar)
    return "".join(rejection_text(graph, each) for each in counting.found())


def _without_widening(graph: Graph, node: int) -> int:
    """An operand as the user wrote it: before it was widened for the operation, where nobody named the wider value."""
    named = {tap.node for tap in graph.taps}
    while node not in named and isinstance(op := graph.ops[node], Op) and Law.EXACT in op.laws:
        (node,) = graph.args[node]
    return node


def _chosen(graph: Graph, node: int, operands: list[Value], result: Value) -> int | None:
    """Which operand a choosing node passed on."""
    match graph.family(node):
        case Family.CHOICE:
            return 1 if operands[0] else 2
        case Family.MINIMUM | Family.MAXIMUM:
            words = [word_of(each, graph.types[node]) for each in (result, *operands)]
            return words.index(words[0], 1) - 1 if words[0] in words[1:] else None
        case Family.LOGIC if len(operands) == 2:
            # What Python gives back: the left side where it decides, else the right one.
            return 0 if bool(operands[0]) is (graph.ops[node] is OR) else 1
        case _:
            return None


def as_text(found: TapReading) -> str:
    """A tapped node for a terminal."""
    node = found.node
    lines = [f"{node.name} = {node.value}{_unit(node)}    {node.word}    bar {found.bar}, {found.backend}"]
    if found.rejected:
        lines.append(f"  rejected: {found.rejected}; outputs are their safe values, states stay as they were")
    if node.at:
        lines.append(f"  {node.at}  {node.source}")
    if found.also_called:
        lines.append(f"  also called {', '.join(found.also_called)}")
    if found.operands:
        lines.append(f"  = {found.op}({', '.join(operand.name for operand in found.operands)})")
        width = max(len(operand.name) for operand in found.operands)
        for operand in found.operands:
            mark = "  <- taken" if operand.name == found.chosen else ""
            lines.append(
                f"    {operand.name:<{width}} = {operand.value}{_unit(operand)}    {operand.word}{mark}".rstrip()
            )
    else:
        lines.append(f"  a {found.op} of the graph")
    return "\n".join(lines)


def _unit(seen: NodeReading) -> str:
    return "" if seen.unit == "1" else f" [{seen.unit}]"
