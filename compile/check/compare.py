"""Comparing backends: every tapped value as a 64-bit word, the interpreter's word being the right one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from compile.backend import Batch, Result
from compile.interpreter.record import REFERENCE
from compile.passes.flush_subnormals import unseen
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.values.words import Column, show, value_of, words_of_column

#: The user's own function, called on numbers: see `compile.lane.check`.
LANE = "lane"


@dataclass(frozen=True, slots=True)
class Reading:
    """One node's word in each backend."""

    name: str
    unit: str
    words: Mapping[str, int]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first place where a backend differs: bar, then node in topological order, then instance."""

    backend: str
    bar: int
    instance: int
    node: Reading
    op: str
    operands: tuple[Reading, ...]
    at: str | None
    #: What it means and what to do, where more can be said than that the words differ.
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """The divergence as JSON values, words in hexadecimal."""
        values = asdict(self)
        for entry, reading in zip((values["node"], *values["operands"]), (self.node, *self.operands), strict=True):
            entry["words"] = {name: f"0x{word:016x}" for name, word in reading.words.items()}
        return values

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Divergence:
        """The inverse of `as_json`."""

        def reading(entry: Mapping[str, Any]) -> Reading:
            words = {name: int(word, 16) for name, word in entry["words"].items()}
            return Reading(entry["name"], entry["unit"], words, entry["values"])

        operands = tuple(reading(entry) for entry in document["operands"])
        return cls(**{**document, "node": reading(document["node"]), "operands": operands})


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many words of one backend differ from the reference, and the first of them."""

    backend: str
    words: int
    differences: int
    first: Divergence | None


def compare(
    graph: Graph,
    reference: Result,
    other: Result,
    backend: str,
    nodes: Sequence[int],
    first_bar: int = 0,
    first_instance: int = 0,
) -> Comparison:
    """Compare `other` with `reference` over `nodes` and all states; columns are [bars, instances], states [instances].

    `first_bar` and `first_instance` are the numbers of the results' first bar and instance in the whole replay, for the
    report.
    """
    differences = 0
    first: tuple[int, ...] | None = None
    ordered = sorted(nodes)
    for node in ordered:
        if np.array_equal(_raw(reference.nodes[node]), _raw(other.nodes[node])):
            continue
        wrong = _words(graph, reference, node) != _words(graph, other, node)
        count = int(np.count_nonzero(wrong))
        if count:
            differences += count
            bar, instance, *place = (int(i) for i in np.argwhere(wrong)[0])
            if first is None or (bar, node) < first[:2]:
                first = (bar, node, instance, *place)
    for state in graph.states:
        type_ = graph.types[state.node]
        wrong_state = words_of_column(reference.state[state.name], type_) != words_of_column(
            other.state[state.name], type_
        )
        differences += int(np.count_nonzero(wrong_state))
        if first is None and wrong_state.any() and ordered and not type_.is_memory:
            bars = len(reference.nodes[ordered[0]])
            first = (bars - 1, state.next, *(int(i) for i in np.argwhere(wrong_state)[0]))
    total = sum(reference.nodes[node].size for node in ordered)
    divergence = None
    if first is not None:
        here = _diverged(graph, reference, other, backend, first)
        divergence = replace(here, bar=first_bar + here.bar, instance=first_instance + here.instance)
    return Comparison(backend, total, differences, divergence)


def _raw(column: Column) -> np.ndarray[tuple[int, ...], np.dtype[Any]]:
    """The bits of a column: where they are equal, so are the words, whatever its NaNs are."""
    return np.ascontiguousarray(column).view(f"u{column.dtype.itemsize}")


def _words(graph: Graph, result: Result, node: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
    return words_of_column(result.nodes[node], graph.types[node])


def _diverged(graph: Graph, reference: Result, other: Result, backend: str, where: tuple[int, ...]) -> Divergence:
    bar, node, instance, *place = where
    both = {REFERENCE: reference, backend: other}

    def reading(at: int) -> Reading:
        type_ = graph.types[at].element
        axis = graph.types[at].axis
        here = (bar, instance) if axis is None else (bar, instance, *(place or [0]))
        called = graph.names[at] if axis is None else f"{graph.names[at]}[{axis.labels[here[-1]]}]"
        words = {name: int(_words(graph, result, at)[here]) for name, result in both.items() if at in result.nodes}
        constant = graph.constants[at]
        if constant is not None:
            return Reading(called, graph.units[at], {}, {"constant": show(constant, type_)})
        return Reading(
            called,
            graph.units[at],
            words,
            {name: show(value_of(word, type_), type_) for name, word in words.items()},
        )

    span = graph.spans[node]
    return Divergence(
        backend=backend,
        bar=bar,
        instance=instance,
        node=reading(node),
        op=str(graph.ops[node]),
        operands=tuple(reading(arg) for arg in graph.args[node]),
        at=None if span is None else span.at,
    )


def explain_divergence(found: Divergence) -> str:
    """A divergence as a page for a tired engineer: where, what each backend says, from which operands."""
    place = f"at {found.at}" if found.at else "made by the compiler"
    computed = f"node `{found.node.name}` = {found.op}({', '.join(o.name for o in found.operands)})"
    lines = [
        f"{found.backend} differs from the {REFERENCE} at bar {found.bar}, instance {found.instance}",
        f"  {computed if found.operands else f'{found.op} `{found.node.name}`'}  {place}",
        *_reading_lines(found.node),
        *(["  from"] if found.operands else []),
    ]
    for operand in found.operands:
        lines += [f"    {operand.name}", *(f"  {line}" for line in _reading_lines(operand))]
    return "\n".join([*lines, f"  {found.note}"] if found.note else lines)


def _reading_lines(reading: Reading) -> list[str]:
    unit = "" if reading.unit == "1" else f" [{reading.unit}]"
    if not reading.words:
        return [f"    {'constant':<12} {value}{unit}" for value in reading.values.values()] or ["    (not tapped)"]
    return [
        f"    {name:<12} 0x{reading.words[name]:016x}  {value}{unit}"
        if name in reading.words
        else f"    {name:<12} {value}"
        for name, value in reading.values.items()
    ]


def comparable_nodes(graph: Graph) -> list[int]:
    """Every node that is not a constant: ports, states and operators, named by the user or not. What only a flush reads is
    the flush's business."""
    hidden = unseen(graph)
    return [
        node
        for node, op in enumerate(graph.ops)
        if graph.constants[node] is None
        and not graph.types[node].is_memory
        and not (node in hidden and isinstance(op, Op))
    ]


def rows_of(batch: Batch) -> int:
    """Rows of a batch: bars x instances."""
    return batch.bars * batch.instances
