"""A few instances of a batch, kept as words: what a search goes on from, and what a reproducer replays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from compile.backend import Batch, column_shape, state_shape
from dag.graphs.graph import Graph
from dag.values.words import Column, column_of_words, words_of_column


@dataclass(frozen=True, slots=True)
class History:
    """One instance from its initial state: each input's bars, each parameter."""

    inputs: Mapping[str, Column]
    params: Mapping[str, Column]

    @property
    def bars(self) -> int:
        """How many bars it has; 1 where the graph has no inputs."""
        return max((len(column) for column in self.inputs.values()), default=1)


def history_of(batch: Batch, instance: int, bars: int) -> History:
    """The first `bars` bars of one instance of `batch`, which starts from its initial state."""
    return History(
        {name: column[:bars, instance].copy() for name, column in batch.inputs.items()},
        {name: column[instance : instance + 1].copy() for name, column in batch.params.items()},
    )


def batch_of(histories: Sequence[History], bars: int) -> Batch:
    """The histories side by side; a shorter one repeats its last bar."""
    first = histories[0]
    inputs = {
        name: np.stack([_extended(history.inputs[name], bars) for history in histories], axis=1)
        for name in first.inputs
    }
    params = {name: np.concatenate([history.params[name] for history in histories]) for name in first.params}
    return Batch(inputs, params, None, bars, len(histories))


def _extended(column: Column, bars: int) -> Column:
    return (
        column[:bars]
        if len(column) >= bars
        else np.concatenate([column, np.repeat(column[-1:], bars - len(column), axis=0)])
    )


def to_json(graph: Graph, history: History) -> dict[str, Any]:
    """The history as hexadecimal words."""
    return {
        "inputs": {p.name: _hex(history.inputs[p.name], graph, p.node) for p in graph.inputs},
        "params": {p.name: _hex(history.params[p.name], graph, p.node) for p in graph.params},
    }


def from_json(graph: Graph, document: Mapping[str, Any]) -> History:
    """The inverse of `to_json`."""
    return History(
        {p.name: _column(document["inputs"][p.name], graph, p.node) for p in graph.inputs},
        {p.name: _column(document["params"][p.name], graph, p.node) for p in graph.params},
    )


def _hex(column: Column, graph: Graph, node: int) -> list[str]:
    return [f"{int(word):016x}" for word in words_of_column(column, graph.types[node]).reshape(-1)]


def _column(words: list[str], graph: Graph, node: int) -> Column:
    type_ = graph.types[node]
    column = column_of_words(np.array([int(word, 16) for word in words], np.uint64), type_)
    return column.reshape(column_shape(type_, -1))


def until(history: History, bar: int) -> History:
    """The bars up to and including `bar`."""
    return History({name: column[: bar + 1] for name, column in history.inputs.items()}, history.params)


def columns_to_json(graph: Graph, batch: Batch) -> dict[str, Any]:
    """One instance of `batch` as hexadecimal words: inputs, parameters, and the states it starts from where it has any."""
    start = None
    if batch.state is not None:
        start = {s.name: _hex(batch.state[s.name].reshape(-1), graph, s.node) for s in graph.states}
    return {**to_json(graph, history_of(batch, 0, batch.bars)), "state": start, "bars": batch.bars}


def columns_from_json(graph: Graph, document: Mapping[str, Any]) -> Batch:
    """The inverse of `columns_to_json`: a batch of one instance."""
    history = from_json(graph, document)
    batch = batch_of([history], document["bars"])
    if document["state"] is None:
        return batch
    state = {
        s.name: _column(document["state"][s.name], graph, s.node).reshape(state_shape(graph.types[s.node], 1))
        for s in graph.states
    }
    return replace(batch, state=state)
