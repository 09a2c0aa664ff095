"""Data files: CSV, Parquet or Arrow, a column per input, a row per bar; read whole, or in chunks of bars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from compile.backend import Batch, column_shape
from dag.graphs.graph import Graph
from dag.values.types import Value
from dag.values.words import Column, column_dtype
from dagc.data.columns_read import columns_read
from dagc.data.csv_bars import CsvBars
from dagc.data.problem import DataProblem
from dagc.debugging.naming_help import did_you_mean

_PARQUET, _ARROW = (".parquet", ".pq"), (".arrow", ".arrows", ".feather", ".ipc")


class Bars(Protocol):
    """A data file of some format."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns there are, each name once."""
        ...

    @property
    def bars(self) -> int | None:
        """How many bars, where the file says so without being read."""
        ...

    def check_types(self, graph: Graph) -> None:
        """Raise DataProblem for a column that can never hold the input of its name."""
        ...

    def pieces(self, graph: Graph, start: int) -> Iterator[dict[str, Column]]:
        """A column for each input of `graph`, from bar `start` on, in pieces as they come. Raises DataProblem, OSError."""
        ...


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that holds the inputs of a graph. `ignored` are its columns that the graph does not read."""

    path: Path
    graph: Graph
    source: Bars
    ignored: tuple[str, ...]

    def chunks(self, bars: int, start: int = 0) -> Iterator[dict[str, Column]]:
        """Columns of `bars` bars each, the last fewer, from bar `start` on; no more than that is in memory at a time.

        Raises DataProblem when the file turns out to be wrong.
        """
        with _readable(self.path):
            held: list[dict[str, Column]] = []
            count = 0
            for piece in self.source.pieces(self.graph, start):
                held.append(piece)
                count += _length(piece)
                while count >= bars:
                    whole = _joined(held)
                    yield {name: column[:bars] for name, column in whole.items()}
                    count -= bars
                    held = [{name: column[bars:] for name, column in whole.items()}] if count else []
            if count:
                yield _joined(held)


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns [bars], one for each input of a graph, and the names of those that the graph does not read."""

    columns: Mapping[str, Column]
    ignored: tuple[str, ...]


def open_data(path: Path, graph: Graph) -> DataFile:
    """The file at `path`, found to have a column for every input of `graph`; its values are not read yet.

    A CSV holds floats as Python reads them (`nan` and `inf` included), bools as true/false/1/0, enums as member names or
    codes. Raises DataProblem.
    """
    with _readable(path):
        source = _source(path)
    known = set(source.names)
    missing = [
        name
        for port in graph.inputs
        for name in columns_read(port.name, graph.types[port.node], known)
        if name not in known
    ]
    if missing:
        hints = "\n".join(f"  missing  `{name}`: {did_you_mean(name, source.names)}" for name in missing)
        raise DataProblem(f"{path} lacks columns that `{graph.name}` reads\n{hints}")
    source.check_types(graph)
    read = {name for port in graph.inputs for name in columns_read(port.name, graph.types[port.node], known)}
    return DataFile(path, graph, source, tuple(name for name in source.names if name not in read))


def read_table(path: Path, graph: Graph) -> Table:
    """The inputs of `graph` from a file, all bars of it. Raises DataProblem."""
    file = open_data(path, graph)
    with _readable(path):
        pieces = list(file.source.pieces(graph, 0))
    types = {port.name: graph.types[port.node] for port in graph.inputs}
    empty = {name: np.empty(column_shape(type_, 0), column_dtype(type_)) for name, type_ in types.items()}
    return Table(_joined(pieces) if pieces else empty, file.ignored)


def replay_batch(
    graph: Graph, columns: Mapping[str, Column], params: Mapping[str, Value], state: Mapping[str, Column] | None = None
) -> Batch:
    """Bars of a file as one instance with these parameters, from the initial state or from `state`."""
    bars = _length(columns)
    return Batch(
        {name: column.reshape(bars, 1, *column.shape[1:]) for name, column in columns.items()},
        {p.name: np.array([params[p.name]], dtype=column_dtype(graph.types[p.node])) for p in graph.params},
        state,
        bars,
        1,
    )


def _source(path: Path) -> Bars:
    if path.suffix not in (*_PARQUET, *_ARROW):
        return CsvBars(path)
    try:
        from dagc.data.arrow_bars import ArrowBars, ParquetBars
    except ImportError:
        raise DataProblem(
            f"{path} needs pyarrow to be read\n  fix  pip install 'dagc-compiler[data]', or give a CSV"
        ) from None
    return ParquetBars(path) if path.suffix in _PARQUET else ArrowBars(path)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """What the system refuses, said as a DataProblem."""
    try:
        yield
    except FileNotFoundError:
        raise DataProblem(f"{path} does not exist") from None
    except OSError as problem:
        raise DataProblem(f"{path} cannot be read: {problem.strerror or problem}") from None


def _length(columns: Mapping[str, Column]) -> int:
    return len(next(iter(columns.values()))) if columns else 0


def _joined(pieces: Sequence[Mapping[str, Column]]) -> dict[str, Column]:
    """The columns of the pieces one after the other; a single piece is not copied."""
    if len(pieces) == 1:
        return dict(pieces[0])
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
