"""Asking the user's code for every accepted row of a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch
from dag.graphs.graph import Graph
from dag.values.types import Type
from dag.values.words import Words
from dagc.parity.answers import parts_of, word
from dagc.parity.arguments import Ports, python_value
from dagc.parity.oracle import Oracle

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class OracleAnswers:
    """Words [bars, instances] by output; `there` says where they mean something. `odd` holds, by place, what was answered
    instead: the text of an exception, or of a value that the output cannot hold."""

    words: Mapping[str, Words]
    there: Mapping[str, Mask]
    odd: Mapping[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])


def rows_of_batch(graph: Graph, ports: Ports, batch: Batch, instance: int) -> list[dict[str, Any]]:
    """The rows of one instance, bar by bar, as Python code expects them."""
    columns: list[tuple[str, list[Any]]] = []
    for port in graph.ports():
        kind = graph.types[port.node].kind
        members = ports.members.get(port.name)
        if port.name in batch.inputs:
            cells = batch.inputs[port.name][:, instance]
        else:
            cells = np.repeat(batch.params[port.name][instance : instance + 1], batch.bars)
        if members is None:
            columns.append((port.name, cells.tolist()))
        else:
            columns.append((port.name, [python_value(kind, members, cell) for cell in cells]))
    return [{name: cells[bar] for name, cells in columns} for bar in range(batch.bars)]


def ask(
    graph: Graph,
    ports: Ports,
    oracle: Oracle,
    batch: Batch,
    accepted: Mask,
    names: Sequence[str],
    instances: Sequence[int] | None = None,
) -> OracleAnswers:
    """The answers for the accepted rows of `batch`, of some of its instances or all.

    An instance starts again with its first accepted bar; bars that the lane rejects are not shown to it. After an exception an
    instance that keeps state has no more answers. Raises DataProblem for an answer of a wrong shape.
    """
    types: dict[str, Type] = {output.name: graph.types[output.node] for output in graph.outputs}
    shape = (batch.bars, batch.instances)
    words = {name: np.zeros(shape, np.uint64) for name in names}
    there = {name: np.zeros(shape, np.bool_) for name in names}
    odd: dict[tuple[int, int], str] = {}
    for instance in range(batch.instances) if instances is None else instances:
        bars = np.flatnonzero(accepted[:, instance]).tolist()
        if not bars:
            continue
        rows = rows_of_batch(graph, ports, batch, instance)
        step = None
        for bar in bars:
            try:
                step = oracle.begin(rows[bar]) if step is None else step
                answer = step(rows[bar])
            except (ArithmeticError, ValueError, TypeError, IndexError, KeyError, AttributeError) as problem:
                odd[bar, instance] = f"raises {type(problem).__name__}: {problem}"
                if oracle.form == "function":
                    continue
                break
            for name, part in parts_of(answer, names).items():
                found = word(part, types[name])
                if found is None:
                    odd[bar, instance] = f"answers {part!r} for {name}"
                else:
                    words[name][bar, instance] = found
                    there[name][bar, instance] = True
    return OracleAnswers(words, there, odd)
