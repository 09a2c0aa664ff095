"""Bars from Parquet and Arrow files, a piece of them at a time, through pyarrow's own readers."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
from pyarrow import dataset, ipc, parquet

from dag.files.regular_file import open_regular
from dag.graphs.graph import Graph, Input
from dag.graphs.place_names import place_names
from dag.values.types import Kind, Type
from dag.values.words import Column
from dagc.data.columns_read import columns_read
from dagc.data.problem import DataProblem
from dagc.live.values import WrongType, column_as, expected

#: Bars of one piece: what pyarrow decodes at a time, and small beside everything else that a replay holds.
PIECE_BARS = 1 << 16
_READ_BYTES = 1 << 20
_IPC_FILE_MAGIC = b"ARROW1"
#: A message of no length, https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format.
_IPC_STREAM_END = b"\xff\xff\xff\xff\x00\x00\x00\x00"


class _TypedBars(ABC):
    """A file whose columns have types: what Parquet and Arrow share."""

    kind = "Arrow"

    def __init__(self, path: Path) -> None:
        """Read the schema. Raises DataProblem, OSError."""
        self._path = path
        with open_regular(
            path
        ) as stream:  # a missing file is said to be missing by the system, in one way for all kinds
            self._magic = stream.read(len(_IPC_FILE_MAGIC))
        try:
            self._schema, self.bars = self._head()
        except (pyarrow.ArrowException, OSError, EOFError) as problem:
            raise DataProblem(f"{path} is no {self.kind} file, or not whole: {_first_line(problem)}") from None
        self.names = tuple(self._schema.names)
        if len(set(self.names)) != len(self.names):
            raise DataProblem(f"{path} names a column twice: {', '.join(self.names)}")

    def check_types(self, graph: Graph) -> None:
        """Raise DataProblem for the first input whose column can never hold it."""
        for port in graph.inputs:
            none = [pyarrow.array([], self._schema.field(name).type) for name in self._columns(graph, port)]
            self._port(graph, port, none)

    def pieces(self, graph: Graph, start: int) -> Iterator[dict[str, Column]]:
        """The inputs of `graph` from bar `start` on, in columns of up to PIECE_BARS bars."""
        at = start
        names = {port.name: self._columns(graph, port) for port in graph.inputs}
        batches = self._batches([name for each in names.values() for name in each], start)
        while True:
            try:
                batch = next(batches, None)
            except (pyarrow.ArrowException, OSError) as problem:
                raise DataProblem(f"{self._path} cannot be read on from bar {at:,}: {_first_line(problem)}") from None
            if batch is None:
                return
            for first in range(0, batch.num_rows, PIECE_BARS):
                piece = batch.slice(first, PIECE_BARS)
                yield {
                    port.name: self._port(graph, port, [piece.column(name) for name in names[port.name]], at)
                    for port in graph.inputs
                }
                at += piece.num_rows

    @abstractmethod
    def _head(self) -> tuple[Any, int | None]:
        """The schema, and how many bars there are where that is known."""

    @abstractmethod
    def _batches(self, names: list[str], start: int) -> Iterator[Any]:
        """Record batches with these columns, the bars before `start` left out."""

    def _columns(self, graph: Graph, port: Input) -> list[str]:
        return columns_read(port.name, graph.types[port.node], self.names)

    def _port(self, graph: Graph, port: Input, cells: list[Any], first_bar: int = 0) -> Column:
        names = self._columns(graph, port)
        return port_column(
            str(self._path), port.name, graph.types[port.node], dict(zip(names, cells, strict=True)), first_bar
        )


def port_column(what: str, name: str, type_: Type, cells: Mapping[str, Any], first_bar: int = 0) -> Column:
    """An input out of its columns by name: of one along an axis a column of lists, each as long as the axis, or a column a place.
    Raises DataProblem."""
    if type_.length is None:
        return typed_column(what, name, type_, cells[name], first_bar)
    if name not in cells:
        each = [typed_column(what, column, type_.element, one, first_bar) for column, one in cells.items()]
        return np.stack(each, axis=1)
    lists = cells[name].combine_chunks() if isinstance(cells[name], pyarrow.ChunkedArray) else cells[name]
    if not pyarrow.types.is_fixed_size_list(lists.type) or lists.type.list_size != type_.length:
        columns = ", ".join(place_names(name, type_)[:2])
        raise DataProblem(
            f"{what}, column `{name}` holds {lists.type}, expected lists of {type_.length}, a place each of {type_.axis}\n"
            f"  fix  write it as pyarrow.list_(..., {type_.length}), or a column a place: {columns}, ..."
        )
    if lists.null_count:
        bar = first_bar + lists.is_null().to_pylist().index(True)
        raise DataProblem(
            f"{what} has missing values in {name}, the first at bar {bar:,}; a bar holds a value for every input"
        )
    column = typed_column(what, name, type_.element, lists.flatten(), first_bar, type_.length)
    return column.reshape(-1, type_.length)


def typed_column(what: str, name: str, type_: Type, cells: Any, first_bar: int = 0, places: int = 1) -> Column:
    """Arrow's cells as a column of `type_`; `what` is the table they are of. Raises DataProblem for missing values and other types."""
    if cells.null_count:
        bar = first_bar + cells.is_null().to_pylist().index(True) // places
        raise DataProblem(
            f"{what} has missing values in {name}, the first at bar {bar:,}; a bar holds a value for every input"
        )
    try:
        if type_.kind is Kind.ENUM and not pyarrow.types.is_integer(cells.type):
            return _codes(cells, type_)
        return column_as(_numbers(cells), type_)
    except WrongType:
        raise DataProblem(
            f"{what}, column `{name}` holds {cells.type}, expected {expected(type_)}{_stranger(cells, type_)}"
        ) from None


def _numbers(cells: Any) -> Any:
    is_chunked = isinstance(cells, pyarrow.ChunkedArray)
    return cells.to_numpy() if is_chunked else cells.to_numpy(zero_copy_only=False)


class ParquetBars(_TypedBars):
    """A Parquet file."""

    kind = "Parquet"

    def _head(self) -> tuple[Any, int | None]:
        with parquet.ParquetFile(self._path) as file:
            return file.schema_arrow, file.metadata.num_rows

    def _batches(self, names: list[str], start: int) -> Iterator[Any]:
        # Without these two, pyarrow fetches whole columns ahead and holds all of the file in the end.
        with parquet.ParquetFile(self._path, pre_buffer=False, buffer_size=_READ_BYTES) as file:
            groups = list(range(file.num_row_groups))
            while groups and file.metadata.row_group(groups[0]).num_rows <= start:
                start -= file.metadata.row_group(groups.pop(0)).num_rows
            batches = file.iter_batches(PIECE_BARS, groups, names)
            yield from _without(start, batches)


class ArrowBars(_TypedBars):
    """An Arrow IPC file (Feather), mapped and not copied, or an IPC stream; the first bytes say which."""

    def _head(self) -> tuple[Any, int | None]:
        with self._opened() as reader:
            schema = reader.schema
        if self._magic != _IPC_FILE_MAGIC:
            # A stream says in the end how long it was. Cut off between two batches it would read as a shorter one.
            with open_regular(self._path) as stream:
                stream.seek(-len(_IPC_STREAM_END), os.SEEK_END)
                if stream.read() != _IPC_STREAM_END:
                    raise DataProblem(f"{self._path} is no Arrow file, or not whole: the stream's end is not there")
            return schema, None
        return schema, dataset.dataset(self._path, format="ipc").count_rows()

    def _batches(self, names: list[str], start: int) -> Iterator[Any]:
        with self._opened() as reader:
            yield from _without(start, (batch.select(names) for batch in _each(reader)))

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        if self._magic == _IPC_FILE_MAGIC:
            with pyarrow.memory_map(str(self._path)) as source, ipc.open_file(source) as reader:
                yield reader
        else:
            with pyarrow.OSFile(str(self._path)) as source, ipc.open_stream(source) as reader:
                yield reader


def _each(reader: Any) -> Iterator[Any]:
    """The record batches of either kind of reader."""
    if isinstance(reader, ipc.RecordBatchFileReader):
        return (reader.get_batch(index) for index in range(reader.num_record_batches))
    return iter(reader)


def _without(bars: int, batches: Iterator[Any]) -> Iterator[Any]:
    """The batches, their first `bars` bars left out."""
    for batch in batches:
        if bars >= batch.num_rows:
            bars -= batch.num_rows
        else:
            yield batch.slice(bars)
            bars = 0


def _codes(cells: Any, type_: Type) -> Column:
    """The codes of members by name, each name looked up once. Raises WrongType."""
    if isinstance(cells, pyarrow.ChunkedArray):
        cells = cells.combine_chunks()
    encoded = cells if pyarrow.types.is_dictionary(cells.type) else cells.dictionary_encode()
    names = encoded.dictionary.to_pylist()
    used, places = np.unique(encoded.indices.to_numpy(zero_copy_only=False), return_inverse=True)
    codes: Column = column_as([names[index] for index in used], type_)[
        places
    ]  # a dictionary may hold more than its cells do
    return codes


def _stranger(cells: Any, type_: Type) -> str:
    """The first name in the cells that no member has."""
    known = dict(type_.members.codes) if type_.members is not None else {}
    found = next((cell for cell in cells.to_pylist() if isinstance(cell, str) and cell not in known), None)
    return "" if found is None or type_.members is None else f", not {found!r}"


def _first_line(problem: BaseException) -> str:
    return next(iter(str(problem).splitlines()), type(problem).__name__)
