"""Data files: CSV or Parquet, a column per input, a row per bar."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from compile.backend import Batch
from dag.graph import Graph, Input
from dag.types import Kind, Type, Value
from dag.words import Column, column_dtype, round_f32
from dagc.naming_help import did_you_mean
from dagc.values import WrongType, column_as, expected


class DataProblem(Exception):
    """A data file does not hold the inputs of a graph; the message names file, column and row."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns [bars], one for each input of a graph, and the names of those that the graph does not read."""

    columns: Mapping[str, Column]
    ignored: tuple[str, ...]


def read_table(path: Path, graph: Graph) -> Table:
    """The inputs of `graph` from a file.

    A CSV holds floats as Python reads them (`nan` and `inf` included), bools as true/false/1/0, enums as member names or
    codes. Raises DataProblem.
    """
    try:
        found = _read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
    except FileNotFoundError:
        raise DataProblem(f"{path} does not exist") from None
    except OSError as problem:
        raise DataProblem(f"{path} cannot be read: {problem.strerror or problem}") from None
    missing = [port.name for port in graph.inputs if port.name not in found]
    if missing:
        hints = "\n".join(f"  missing  `{name}`: {did_you_mean(name, found)}" for name in missing)
        raise DataProblem(f"{path} lacks columns that `{graph.name}` reads\n{hints}")
    columns = {port.name: _column(path, graph, port, found[port.name]) for port in graph.inputs}
    return Table(columns, tuple(name for name in found if name not in columns))


def replay_batch(graph: Graph, columns: Mapping[str, Column], params: Mapping[str, Value]) -> Batch:
    """All bars of a file as one instance with these parameters."""
    bars = len(next(iter(columns.values()))) if columns else 0
    return Batch(
        {name: column.reshape(bars, 1) for name, column in columns.items()},
        {p.name: np.array([params[p.name]], dtype=column_dtype(graph.types[p.node])) for p in graph.params},
        None,
        bars,
        1,
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """A column of a CSV as text, with the line that each cell stands in."""

    texts: list[str]
    lines: list[int]


def _read_csv(path: Path) -> dict[str, _Cells]:
    with path.open(newline="", encoding="utf-8-sig") as stream:
        rows = csv.reader(stream)
        try:
            return _cells(path, rows)
        except (csv.Error, UnicodeDecodeError) as problem:
            raise DataProblem(f"{path}, line {rows.line_num + 1}: this is no CSV text: {problem}") from None


def _cells(path: Path, rows: Any) -> dict[str, _Cells]:
    header = [name.strip() for name in next(rows, [])]
    if not header:
        raise DataProblem(f"{path} is empty: the first line names the columns")
    if len(set(header)) != len(header):
        raise DataProblem(f"{path} names a column twice: {', '.join(header)}")
    lines: list[int] = []
    columns: list[list[str]] = [[] for _ in header]
    for row in rows:
        if not row:  # an empty line
            continue
        if len(row) != len(header):
            raise DataProblem(f"{path}, line {rows.line_num}: {len(row)} cells, expected {len(header)}")
        lines.append(rows.line_num)
        for column, cell in zip(columns, row, strict=True):
            column.append(cell.strip())
    return {name: _Cells(column, lines) for name, column in zip(header, columns, strict=True)}


def _read_parquet(path: Path) -> dict[str, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise DataProblem(
            f"{path} is Parquet, which needs pyarrow\n  fix  pip install 'dagc-compiler[data]', or give a CSV"
        ) from None
    try:
        table = parquet.read_table(path)
    except pyarrow.ArrowInvalid as problem:
        raise DataProblem(f"{path} is no Parquet file: {problem}") from None
    nulls = [name for name in table.column_names if table.column(name).null_count]
    if nulls:
        raise DataProblem(f"{path} has missing values in {', '.join(nulls)}; a bar holds a value for every input")
    return {name: table.column(name).to_numpy() for name in table.column_names}


def _column(path: Path, graph: Graph, port: Input, cells: Any) -> Column:
    type_ = graph.types[port.node]
    if isinstance(cells, _Cells):
        return _parsed(path, port, type_, cells)
    try:
        return column_as(cells, type_)
    except WrongType:
        raise DataProblem(f"{path}, column `{port.name}` holds {cells.dtype}, expected {expected(type_)}") from None


def _parsed(path: Path, port: Input, type_: Type, cells: _Cells) -> Column:
    column = np.empty(len(cells.texts), dtype=column_dtype(type_))
    for index, (cell, line) in enumerate(zip(cells.texts, cells.lines, strict=True)):
        try:
            column[index] = parse_value(cell, type_)
        except ValueError:
            where = f"{path}, line {line}, column `{port.name}`"
            raise DataProblem(f"{where}: {cell!r} is not {expected(type_)}") from None
    return column


def parse_value(text: str, type_: Type) -> Value:
    """The value that a user wrote; raises ValueError when it is not one of the type."""
    match type_.kind:
        case Kind.F64:
            return float(text)
        case Kind.F32:
            return round_f32(float(text))
        case Kind.I64:
            return _word(int(text))
        case Kind.I32:
            return _word(int(text), 32)
        case Kind.BOOL:
            known = {"true": True, "1": True, "false": False, "0": False}
            if text.lower() not in known:
                raise ValueError(text)
            return known[text.lower()]
        case Kind.ENUM:
            assert type_.members is not None
            codes = dict(type_.members.codes)
            return codes[text] if text in codes else _word(int(text))


def _word(number: int, bits: int = 64) -> int:
    """`number` if it fits so many bits; raises ValueError."""
    if not -(1 << (bits - 1)) <= number < 1 << (bits - 1):
        raise ValueError(f"{number} does not fit {bits} bits")
    return number
