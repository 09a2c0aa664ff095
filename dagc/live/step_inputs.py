"""The inputs of a table's step at addresses worked out once: columns where the caller has them, the rest in memory that is kept."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from compile.c.columns import from_words, pointer
from compile.c.library import foreign
from dag.graphs.graph import Graph
from dag.values.floating_point import standard
from dag.values.types import Kind, Type
from dag.values.words import Column, column_dtype
from dagc.live.inputs import fitted, input_column, word_format

_WORD = 8
#: The strides of a column that may be read where it lies.
_READY = (_WORD,)
#: Those of one value, or of one that is repeated.
_SINGLE = ((), (0,))
_WORDS = foreign().typeof("int64_t[]")
_SHAPES = "a single value or [instances]"


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """Memory for the words of an input that is not read where it lies."""

    values: Column
    address: Any
    #: Whether the input's dtype fills it by a copy of bits or an integer made wider.
    is_exact: bool

    def write(self, column: Column) -> None:
        if self.is_exact:
            self.values[...] = column
        else:
            with standard(), np.errstate(invalid="ignore"):  # numpy would warn of signalling NaNs, which turn quiet
                self.values[...] = column


class StepInputs:
    """What `dagc_batch` reads as inputs for one bar of `rows` instances.

    A contiguous column of 8-byte values is read where it lies. Any other column is converted into a column of words that is
    made once, and a value that all instances see is one word.
    """

    def __init__(self, graph: Graph, rows: int) -> None:
        self._graph = graph
        self._rows, self._shape = rows, (rows,)
        self._types = [graph.types[port.node] for port in graph.inputs]
        #: The class of a single value that needs no conversion.
        self._plain = tuple(_python_class(type_) for type_ in self._types)
        self._dtypes = [column_dtype(type_) for type_ in self._types]
        self._pack = struct.Struct("=" + "".join(map(word_format, self._types))).pack
        self._shared = np.zeros(max(len(self._types), 1), np.int64)
        self._shared_bytes = self._shared.data.cast("B")[: _WORD * len(self._types)]
        #: The columns of the last step as they were given, of their types' dtypes; the other inputs are shared.
        self._given: dict[int, Column] = {}
        #: Those among them that are read where they lie.
        self._in_place: dict[int, Column] = {}
        self._kept: dict[int, _Kept] = {}
        #: The array of `dagc_column` to pass.
        self.table: Any = foreign().new("dagc_column[]", max(len(self._types), 1))
        self._entries = list(self.table)
        for index in range(len(self._types)):
            self._share(index)

    def take(self, values: Sequence[Any]) -> None:
        """Point the table at `values`, one an input: a single value or a column [instances].

        Raises InputProblem; what was taken before is then as it was.
        """
        kinds = tuple(map(type, values))
        singles, columns = (values, {}) if kinds == self._plain else self._sorted(values, kinds)
        try:
            packed = self._pack(*singles)
        except struct.error:
            for index, value in enumerate(singles):
                if index not in columns:
                    self._converted(index, value)  # names the integer that is too wide
            raise
        self._shared_bytes[:] = packed
        if self._given:
            for index in self._given.keys() - columns.keys():
                self._share(index)
        for index, column in columns.items():
            if self._in_place.get(index) is not column:
                self._point(index, column)

    def columns(self) -> dict[str, Column]:
        """What was last taken, by name, as columns [1, instances] of the types' dtypes."""
        found: dict[str, Column] = {}
        for index, port in enumerate(self._graph.inputs):
            column = self._given.get(index)
            if column is None:
                with np.errstate(over="ignore"):  # a shared float32 is still a double here, as the kernel takes it
                    shared = from_words(self._shared[index : index + 1], self._types[index])
                column = np.broadcast_to(shared, self._shape)
            found[port.name] = column[np.newaxis]
        return found

    def _sorted(self, values: Sequence[Any], kinds: Sequence[type]) -> tuple[list[Any], dict[int, Column]]:
        """The single values in their places, those that are none with a 0 there, and the columns [instances]."""
        singles = list(values)
        columns: dict[int, Column] = {}
        for index, (value, kind) in enumerate(zip(values, kinds, strict=True)):
            plain = self._plain[index]
            if kind is plain or (kind is np.float64 and plain is float):
                continue
            is_fitting = kind is np.ndarray and value.dtype is self._dtypes[index] and value.shape == self._shape
            column = value if is_fitting else self._converted(index, value)
            strides = column.strides
            if strides in _SINGLE:
                singles[index] = column.flat[0].item()
                continue
            singles[index], columns[index] = 0, column
            if strides != _READY:
                self._in_place.pop(index, None)  # an array may have been given other strides since it was pointed to
        return singles, columns

    def _converted(self, index: int, value: Any) -> Column:
        port = self._graph.inputs[index]
        column = input_column(self._graph, port, value, _SHAPES, (0, 1))
        return column if column.ndim == 0 else fitted(port.name, column, (self._rows,))

    def _share(self, index: int) -> None:
        self._given.pop(index, None)
        self._in_place.pop(index, None)
        entry = self._entries[index]
        entry.words, entry.per_bar, entry.per_instance = pointer(self._shared[index:]), 0, 0

    def _point(self, index: int, column: Column) -> None:
        entry = self._entries[index]
        if column.dtype.itemsize == _WORD and column.strides == _READY:
            entry.words, entry.per_instance = foreign().from_buffer(_WORDS, column), 1
            self._in_place[index] = column
        else:
            kept = self._kept.get(index) or self._keep(index)
            kept.write(column)
            entry.words, entry.per_instance = kept.address, 1
            self._in_place.pop(index, None)
        self._given[index] = column

    def _keep(self, index: int) -> _Kept:
        type_ = self._types[index]
        values = np.empty(self._rows, np.float64 if type_.is_float else np.int64)
        kept = self._kept[index] = _Kept(values, pointer(values.view(np.int64)), type_.kind is not Kind.F32)
        return kept


def _python_class(type_: Type) -> type:
    match type_.kind:
        case Kind.F64 | Kind.F32:
            return float
        case Kind.I64 | Kind.I32 | Kind.ENUM:
            return int
        case Kind.BOOL:
            return bool
