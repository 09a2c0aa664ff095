"""Rows: the instances of one kernel in memory that the population owns, added and removed between bars, stepped in C."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from compile.backend import column_shape, initial_state
from compile.c.blocks import Blocks
from compile.c.columns import Int64s, as_words, from_words
from compile.c.library import Library
from compile.c.runner import CRunner, Entry
from dag.graphs.graph import Graph
from dag.values.words import Column


class Rows:
    """Parameters and state of instances, a row each, in the order in which they came.

    What is in a row, and what it computes, depends on nothing in other rows, nor on where it stands. With a `folder` the columns of
    parameters are files in it, mapped into memory.
    """

    def __init__(self, graph: Graph, library: Library, threads: int = 1, folder: Path | None = None) -> None:
        self.graph, self.threads = graph, threads
        self._runner = CRunner(graph, library, Entry.BATCH, Blocks(threads))
        named = [(p.name, p.node) for ports in (graph.inputs, graph.params, graph.states) for p in ports]
        self._types = {name: graph.types[node] for name, node in named}
        self._folder = folder
        self._count = self._room = self._files = 0
        self._params: dict[str, Int64s] = {}
        self._state: dict[str, Int64s] = {}

    def __len__(self) -> int:
        return self._count

    def add(self, params: Mapping[str, Column], count: int, state: Mapping[str, Column] | None = None) -> None:
        """`count` instances more, with checked columns [count] for every parameter, at their first bar or in `state`.

        What is there already does not change. A column that is one value for all rows (stride 0) is kept as one word.
        """
        first, last = self._count, self._count + count
        fresh = {p.name: as_words(p.name, params[p.name], self._types[p.name], (count,)) for p in self.graph.params}
        begun = initial_state(self.graph, count) if state is None else state
        for name, words in fresh.items():
            held = self._params.get(name) if first else None
            single = words[:1] if words.strides == (0,) or count == 1 else None
            if held is None and words.strides == (0,):
                self._params[name] = words[:1].copy()
                continue
            if held is not None and len(held) == 1 and first > 1 and single is not None and held[0] == single[0]:
                continue
            self._params[name] = self._grown(held, first, last, (), name)
            self._params[name][first:last] = words
        for each in self.graph.states:
            shape = column_shape(self._types[each.name])
            words = as_words(each.name, begun[each.name], self._types[each.name], (count, *shape))
            self._state[each.name] = self._grown(self._state.get(each.name), first, last, shape)
            self._state[each.name][first:last] = words
        self._count, self._room = last, max(self._room, last)

    def _grown(self, held: Int64s | None, used: int, needed: int, shape: tuple[int, ...], file: str = "") -> Int64s:
        """A column with room for `needed` rows, whose first `used` are those of `held`."""
        if held is not None and len(held) >= needed:
            return held
        if held is not None and len(held) == 1 and used > 1:
            held = np.broadcast_to(held, (used,))
        room = needed if held is None else max(needed, used + used // 2)
        if self._folder is not None and file:
            self._files += 1
            path = self._folder / f"{file}.{self._files}.npy"
            grown: Int64s = np.lib.format.open_memmap(path, mode="w+", dtype=np.int64, shape=(room, *shape))
        else:
            grown = np.empty((room, *shape), np.int64)
        if held is not None:
            grown[:used] = held[:used]
        return grown

    def sync(self) -> None:
        """Wait until the files of the parameters are on disk."""
        for words in self._params.values():
            if isinstance(words, np.memmap):
                words.flush()

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Drop the rows where `kept` [rows] is false; the others stay in their order."""
        rows = np.flatnonzero(kept)
        for columns in (self._params, self._state):
            for words in columns.values():
                if len(words) >= self._count and not (columns is self._params and len(words) == 1):
                    words[: len(rows)] = words[rows]
        self._count = len(rows)

    def run(self, inputs: Mapping[str, Column], bars: int, outputs: Sequence[str]) -> dict[str, Column]:
        """The next `bars` bars of every row. An input is [bars] for all rows alike, or [bars, rows]; places come last.

        Returns the columns [bars, rows] of the outputs that are asked for, by name.
        """
        shape = (bars, self._count)
        words = {port.name: self._words(port.name, inputs[port.name], shape) for port in self.graph.inputs}
        params = {
            name: np.broadcast_to(self._of_rows(column), (1, self._count)) for name, column in self._params.items()
        }
        nodes = {each.name: each.node for each in self.graph.outputs if each.name in outputs}
        filled = {node: np.empty(column_shape(self.graph.types[node], *shape), np.int64) for node in nodes.values()}
        state = [self._state[each.name][: self._count] for each in self.graph.states]
        if self._count:
            self._runner.advance(shape, words, params, state, filled)
        return {name: from_words(filled[node], self.graph.types[node]) for name, node in nodes.items()}

    def _of_rows(self, column: Int64s) -> Int64s:
        return column if len(column) == 1 else column[: self._count]

    def _words(self, name: str, column: Column, shape: tuple[int, int]) -> Int64s:
        type_ = self._types[name]
        places = column_shape(type_)
        column = np.asarray(column)
        if column.ndim == 1 + len(places):
            column = column.reshape(shape[0], 1, *places)
        words = as_words(name, column, type_, column.shape)
        return np.broadcast_to(words, (*shape, *places))

    def params(self) -> dict[str, Column]:
        """Every parameter's column [rows]."""
        return {
            name: from_words(np.broadcast_to(self._of_rows(words), (self._count,)), self._types[name])
            for name, words in self._params.items()
        }

    def state(self) -> dict[str, Column]:
        """Every state's column [rows]."""
        return {name: from_words(words[: self._count], self._types[name]) for name, words in self._state.items()}

    def bytes_a_row(self) -> int:
        """What one more instance takes: a word for each parameter that varies and for each word of state."""
        varied = sum(len(words) > 1 or self._count == 1 for words in self._params.values())
        return 8 * (varied + sum(self._types[each.name].size for each in self.graph.states))
