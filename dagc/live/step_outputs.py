"""Memory for the results of a table's step, used again as soon as nobody holds what was computed in it."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compile.c.columns import Int64s, pointer
from compile.c.library import foreign
from dag.graphs.graph import Graph
from dag.values.floating_point import standard
from dag.values.types import Kind, Type
from dag.values.words import Column

#: The result before, this one and the next: a caller who holds no more makes no memory.
_ROOMS = 3
#: Words of a cache line, at which every column begins.
_LINE = 8


class Room:
    """Columns [instances] for the outputs of one step, and the table of their addresses."""

    def __init__(self, graph: Graph, rows: int) -> None:
        types = [graph.types[output.node] for output in graph.outputs]
        narrow = [k for k, type_ in enumerate(types) if type_.kind is Kind.F32]
        step = -(-rows // _LINE) * _LINE
        memory = np.empty((len(types) + len(narrow)) * step + _LINE, np.int64)
        first = -(memory.__array_interface__["data"][0] // 8) % _LINE
        words = [memory[at : at + rows] for at in range(first, first + step * (len(types) + len(narrow)), step)]
        #: The array of `int64_t *` to pass.
        self.table: Any = foreign().new("int64_t *[]", max(len(types), 1))
        for k in range(len(types)):
            self.table[k] = pointer(words[k])
        halves = {k: words[len(types) + place].view(np.float32)[:rows] for place, k in enumerate(narrow)}
        self._columns = [halves[k] if k in halves else _seen(words[k], type_) for k, type_ in enumerate(types)]
        self._narrowed = [(halves[k], words[k].view(np.float64)) for k in narrow]
        self._memory = memory
        del words, memory
        #: numpy's views all refer to the array that owns the memory; what is above this count belongs to callers.
        self._ours = sys.getrefcount(self._memory)

    def is_free(self) -> bool:
        """Whether no caller holds a column of this memory, or part of one."""
        return sys.getrefcount(self._memory) == self._ours

    def columns(self) -> list[Column]:
        """What the kernel wrote, as columns of the types' dtypes without a copy (but for float32, which is narrowed)."""
        if self._narrowed:
            with standard():
                for narrow, wide in self._narrowed:
                    np.copyto(narrow, wide, casting="same_kind")
        return [column[:] for column in self._columns]


class StepOutputs:
    """The rooms of a table of instances."""

    def __init__(self, graph: Graph, rows: int) -> None:
        self._graph, self._rows = graph, rows
        self._rooms: list[Room] = []

    def room(self) -> Room:
        """One whose memory nobody holds."""
        for room in self._rooms:
            if room.is_free():
                return room
        made = Room(self._graph, self._rows)
        self._rooms = [*self._rooms[-_ROOMS + 1 :], made]  # one that is pushed out belongs to whoever holds it
        return made


def _seen(words: Int64s, type_: Type) -> Column:
    """The words as a column; narrow values are seen in the low end of their words."""
    match type_.kind:
        case Kind.I32:
            return _low_end(words, np.dtype(np.int32))
        case Kind.BOOL:
            return _low_end(words, np.dtype(np.bool_))
        case _:
            return words.view(np.float64) if type_.is_float else words


def _low_end(words: Int64s, dtype: np.dtype[Any]) -> NDArray[Any]:
    parts: NDArray[Any] = words.view(dtype).reshape(len(words), -1)
    return parts[:, 0 if sys.byteorder == "little" else -1]
