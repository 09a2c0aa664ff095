"""Data files: CSV or Parquet, a column per input, a row per bar."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from compile.backend import Batch
from dag.graph import Graph, Input
from dag.types import Kind, Type, Value
from dag.words import Column, column_dtype
from dagc.naming_help import did_you_mean
from dagc.values import WrongType, column_as, expected


class DataProblem(Exception):
    """A data file does not hold the inputs of a graph; the message names file, column and row."""


def read_columns(path: Path, graph: Graph) -> dict[str, Column]:
    """One column [bars] for each input of `graph`; columns that the graph does not read are ignored.

    A CSV holds floats as Python reads them (`nan` and `inf` included), bools as true/false/1/0, enums as member names or
    codes. Raises DataProblem.
    """
    try:
        table = _read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
    except FileNotFoundError:
        raise DataProblem(f"{path} does not exist") from None
    missing = [port.name for port in graph.inputs if port.name not in table]
    if missing:
        hints = "\n".join(f"  missing  `{name}`: {did_you_mean(name, table)}" for name in missing)
        raise DataProblem(f"{path} lacks columns that `{graph.name}` reads\n{hints}")
    return {port.name: _column(path, graph, port, table[port.name]) for port in graph.inputs}


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


def _read_csv(path: Path) -> dict[str, list[str]]:
    with path.open(newline="") as stream:
        rows = csv.reader(stream)
        header = next(rows, None)
        if not header:
            raise DataProblem(f"{path} is empty: the first line names the columns")
        if len(set(header)) != len(header):
            raise DataProblem(f"{path} names a column twice: {', '.join(header)}")
        columns: list[list[str]] = [[] for _ in header]
        for number, row in enumerate(rows, start=2):
            if len(row) != len(header):
                raise DataProblem(f"{path}, line {number}: {len(row)} cells, expected {len(header)}")
            for column, cell in zip(columns, row, strict=True):
                column.append(cell.strip())
    return dict(zip(header, columns, strict=True))


def _read_parquet(path: Path) -> dict[str, Any]:
    try:
        from pyarrow import parquet
    except ImportError:
        raise DataProblem(
            f"{path} is Parquet, which needs pyarrow\n  fix  pip install 'dagc-compiler[data]', or give a CSV"
        ) from None
    table = parquet.read_table(path)
    nulls = [name for name in table.column_names if table.column(name).null_count]
    if nulls:
        raise DataProblem(f"{path} has missing values in {', '.join(nulls)}; a bar holds a value for every input")
    return {name: table.column(name).to_numpy() for name in table.column_names}


def _column(path: Path, graph: Graph, port: Input, cells: Any) -> Column:
    type_ = graph.types[port.node]
    if isinstance(cells, list):
        return _parsed(path, port, type_, cells)
    try:
        return column_as(cells, type_)
    except WrongType:
        raise DataProblem(f"{path}, column `{port.name}` holds {cells.dtype}, expected {expected(type_)}") from None


def _parsed(path: Path, port: Input, type_: Type, cells: list[str]) -> Column:
    column = np.empty(len(cells), dtype=column_dtype(type_))
    for index, cell in enumerate(cells):
        try:
            column[index] = parse_value(cell, type_)
        except ValueError:
            where = f"{path}, line {index + 2}, column `{port.name}`"
            raise DataProblem(f"{where}: {cell!r} is not {expected(type_)}") from None
    return column


def parse_value(text: str, type_: Type) -> Value:
    """The value that a user wrote; raises ValueError when it is not one of the type."""
    match type_.kind:
        case Kind.F64:
            return float(text)
        case Kind.I64:
            return int(text)
        case Kind.BOOL:
            known = {"true": True, "1": True, "false": False, "0": False}
            if text.lower() not in known:
                raise ValueError(text)
            return known[text.lower()]
        case Kind.ENUM:
            assert type_.members is not None
            codes = dict(type_.members.codes)
            return codes[text] if text in codes else int(text)
