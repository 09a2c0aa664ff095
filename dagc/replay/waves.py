"""A replay as waveforms: VCD with the names of lanes as scopes, a nanosecond a bar, for GTKWave and Surfer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

import numpy as np

from dag.graphs.graph import Graph
from dag.values.types import Kind, Type
from dag.values.words import Words, column_of_words
from dagc.data.problem import DataProblem


class Waves:
    """A VCD file while the bars of a replay stream by. Numbers are reals, integers and bools vectors, members of Enums their names."""

    def __init__(self, graph: Graph, columns: Mapping[str, int], file: IO[str]) -> None:
        """`columns` are the values to write and their nodes, besides the inputs. Raises DataProblem where pyvcd is missing."""
        try:
            from vcd import VCDWriter
        except ImportError:
            raise DataProblem("--vcd needs pyvcd\n  fix  pip install 'dagc-compiler[vcd]'") from None
        self._graph, self._file = graph, file
        self._writer = VCDWriter(
            file, timescale="1 ns", comment=f"{graph.name}, graph {graph.content_hash}: a nanosecond a bar"
        )
        named = {**{f"inputs.{port.name}": port.node for port in graph.inputs}, **columns}
        self._variables = {
            each: (node, place, self._variable(each, graph.types[node]))
            for name, node in named.items()
            if not graph.types[node].is_memory
            for each, place in _places(name, graph.types[node])
        }
        self._last: dict[str, int] = {}
        self._bars = 0

    @property
    def nodes(self) -> tuple[int, ...]:
        """The nodes whose words `update` reads."""
        return tuple(dict.fromkeys(node for node, _, _ in self._variables.values()))

    def update(self, words: Mapping[int, Words], first: int) -> None:
        """Add the bars from `first` on: what changed, bar by bar."""
        changes: list[tuple[int, int, Any, Any]] = []
        for order, (name, (node, place, variable)) in enumerate(self._variables.items()):
            type_ = self._graph.types[node]
            column = words[node] if place is None else words[node][:, place]
            before = np.concatenate([[np.uint64(self._last[name])], column[:-1]]) if name in self._last else None
            at = np.flatnonzero(column != before) if before is not None else _changes(column)
            values = column_of_words(column[at], type_.element)
            changes += [(bar, order, variable, value) for bar, value in zip(at.tolist(), values.tolist(), strict=True)]
            self._last[name] = int(column[-1])
        for bar, _, variable, value in sorted(changes, key=lambda each: each[:2]):
            variable, type_ = variable
            self._writer.change(variable, first + bar, _shown(value, type_))
        self._bars = first + len(next(iter(words.values())))

    def close(self) -> None:
        """Write the end, the time behind the last bar, and close the file."""
        self._writer.close(self._bars)
        self._file.close()

    def _variable(self, name: str, type_: Type) -> tuple[Any, Type]:
        scope, _, local = name.rpartition(".")
        scopes = tuple(part for part in (self._graph.name, *scope.split(".")) if part)
        kind, size, before = _KINDS.get(type_.kind, _REAL)
        return self._writer.register_var(scopes, local, kind, size=size, init=before), type_


class _Exact(float):
    """A number that is written with all its digits, and differs from every other: pyvcd writes 16, and takes -0.0 for 0.0."""

    def __format__(self, _: str) -> str:
        return float.__repr__(self)

    def __eq__(self, _: object) -> bool:
        return False

    def __ne__(self, _: object) -> bool:
        return True

    __hash__ = float.__hash__


#: How a type is written: the kind of variable, its bits, and what stands in front of the first bar.
_REAL: tuple[str, int | None, Any] = ("real", 64, 0.0)
_KINDS: dict[Kind, tuple[str, int | None, Any]] = {
    Kind.BOOL: ("wire", 1, "x"),
    Kind.I64: ("integer", 64, "x"),
    Kind.I32: ("integer", 32, "x"),
    Kind.ENUM: ("string", None, ""),
}


def _places(name: str, type_: Type) -> list[tuple[str, int | None]]:
    if type_.axis is None:
        return [(name, None)]
    return [(f"{name}.{label}", place) for place, label in enumerate(type_.axis.labels)]


def _changes(column: Words) -> np.ndarray[Any, np.dtype[np.intp]]:
    """The first bar, and every one whose word is another than that of the bar before."""
    return np.concatenate([[0], 1 + np.flatnonzero(column[1:] != column[:-1])])


def _shown(value: Any, type_: Type) -> Any:
    if type_.kind is Kind.ENUM and type_.members is not None:
        return next((name for name, code in type_.members.codes if code == value), str(value))
    return _Exact(value) if type_.is_float else value
