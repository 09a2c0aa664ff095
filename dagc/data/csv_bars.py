"""Bars from a CSV file, a piece of them at a time, each cell exactly as it is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from dag.files.regular_file import open_regular
from dag.graphs.graph import Graph
from dag.graphs.place_names import place_names
from dag.values.types import Type
from dag.values.words import Column
from dagc.binding.parsing import parse_column, parse_value
from dagc.data.problem import DataProblem
from dagc.live.values import expected

#: Bars of one piece: small beside everything else that a replay holds.
PIECE_BARS = 1 << 13


class CsvBars:
    """A CSV whose first line names the columns. Empty lines are no bars. Raises DataProblem naming line and column."""

    #: How many bars there are is known at the end.
    bars = None

    def __init__(self, path: Path) -> None:
        """Read the names, and nothing else yet. Raises DataProblem, OSError."""
        self._path = path
        header = next(self._rows(), ([], 0))[0]
        self.names = tuple(name.strip() for name in header)
        if not self.names:
            raise DataProblem(f"{path} is empty: the first line names the columns")
        if len(set(self.names)) != len(self.names):
            raise DataProblem(f"{path} names a column twice: {', '.join(self.names)}")

    def check_types(self, graph: Graph) -> None:
        """A CSV has no types before its cells are read."""

    def pieces(self, graph: Graph, start: int) -> Iterator[dict[str, Column]]:
        """The inputs of `graph` from bar `start` on, in columns of up to PIECE_BARS bars."""
        types = [graph.types[port.node] for port in graph.inputs]
        wanted = [
            columns
            for port, type_ in zip(graph.inputs, types, strict=True)
            for columns in place_names(port.name, type_)
        ]
        places = [self.names.index(name) for name in wanted]
        cells: list[list[str]] = [[] for _ in places]
        lines: list[int] = []
        rows = self._rows()
        next(rows)
        for row, line in rows:
            if len(row) != len(self.names):
                raise DataProblem(f"{self._path}, line {line}: {len(row)} cells, expected {len(self.names)}")
            if start:
                start -= 1
                continue
            lines.append(line)
            for column, place in zip(cells, places, strict=True):
                column.append(row[place].strip())
            if len(lines) == PIECE_BARS:
                yield self._columns(graph, cells, lines)
                cells, lines = [[] for _ in places], []
        if lines:
            yield self._columns(graph, cells, lines)

    def _rows(self) -> Iterator[tuple[list[str], int]]:
        """Every row that is not empty, with the number of its line."""
        with io.TextIOWrapper(open_regular(self._path), encoding="utf-8-sig", newline="") as stream:
            rows: Any = csv.reader(stream)
            try:
                for row in rows:
                    if row:
                        yield row, rows.line_num
            except (csv.Error, UnicodeDecodeError) as problem:
                where = f"{self._path}, line {rows.line_num + 1}"
                raise DataProblem(f"{where}: this is no CSV text: {problem}") from None

    def _columns(self, graph: Graph, cells: list[list[str]], lines: list[int]) -> dict[str, Column]:
        found: dict[str, Column] = {}
        rest = iter(cells)
        for port in graph.inputs:
            type_ = graph.types[port.node]
            each = [
                self._column(name, type_.element, texts, lines)
                for name, texts in zip(place_names(port.name, type_), rest, strict=False)
            ]
            found[port.name] = np.stack(each, axis=1) if type_.is_array else each[0]
        return found

    def _column(self, name: str, type_: Type, texts: list[str], lines: list[int]) -> Column:
        try:
            return parse_column(texts, type_)
        except ValueError:
            for text, line in zip(texts, lines, strict=True):
                try:
                    parse_value(text, type_)
                except ValueError:
                    where = f"{self._path}, line {line}, column `{name}`"
                    raise DataProblem(f"{where}: {text!r} is not {expected(type_)}") from None
            raise
