"""`--universe FILE`: the part of the lane's joint universe that is sampled, and values that must be met in it.

    vel_div = [-0.06, 0.0]                             # from, to, both included
    hi = 9.0                                           # held at one value
    side = ["SHORT"]                                   # some members of an Enum
    price = { from = 1.0, to = 1e5, values = [1.0, 9999.5] }    # in about a third of the rows one of these

In TOML, or JSON of the same form. What is not named is sampled over its declared domain.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from compile.backend import Batch
from compile.campaign.drawing.sample import Universe, sample, universe_of
from dag.files.regular_file import read_short
from dag.graphs.graph import Graph, Input, Param
from dag.values.domain import Domain, neighbour
from dag.values.types import Type, Value
from dag.values.words import Column, column_dtype
from dagc.data.problem import DataProblem
from dagc.debugging.naming_help import did_you_mean
from dagc.live.values import WrongType, expected, value_as

#: The share of rows in which a port has one of the values that the file lists.
LISTED = 0.3


@dataclass(frozen=True)
class NarrowedUniverse:
    """A universe to draw from: `graph` has the narrowed domains, `whole` the declared ones, `values` those listed."""

    whole: Graph
    graph: Graph
    universe: Universe
    values: Mapping[str, Column]

    def draw(self, bars: int, instances: int, rng: np.random.Generator) -> Batch:
        """A batch of the narrowed universe; rows outside a declared domain are in it as ever."""
        batch = sample(self.universe, bars, instances, rng)
        drawn = {**batch.inputs, **batch.params}
        for narrow, port in zip(self.graph.ports(), self.whole.ports(), strict=True):
            column = drawn[port.name]
            if narrow.domain != port.domain:
                column = _inside(column, narrow.domain, port.domain, self.whole.types[port.node])
            if port.name in self.values:
                listed = rng.choice(self.values[port.name], column.shape)
                column = np.where(rng.random(column.shape) < LISTED, listed, column)
            drawn[port.name] = column
        inputs = {port.name: drawn[port.name] for port in self.graph.inputs}
        params = {port.name: drawn[port.name] for port in self.graph.params}
        return Batch(inputs, params, None, bars, instances)


def narrowed(graph: Graph, file: Path | None) -> NarrowedUniverse:
    """The universe of `graph`, narrowed by a file. Raises DataProblem naming the entry."""
    given = {} if file is None else _read(file)
    ports = {port.name: port for port in graph.ports()}
    for name in given:
        if name not in ports:
            raise DataProblem(f"{file}: `{name}` is no input or parameter: {did_you_mean(name, tuple(ports))}")
    values: dict[str, Column] = {}
    domains: dict[str, Domain] = {}
    for name, entry in given.items():
        port, type_ = ports[name], graph.types[ports[name].node]
        try:
            domains[name], listed = _domain(entry, port, type_)
        except (WrongType, ValueError) as problem:
            raise DataProblem(
                f"{file}: `{name}` is {entry!r}, expected {expected(type_)} in {port.domain}: {problem}\n"
                "  fix  write [from, to], one value, or { from = ..., to = ..., values = [...] }"
            ) from None
        if listed:
            values[name] = np.array(listed, column_dtype(type_))
    inputs = tuple(replace(port, domain=domains.get(port.name, port.domain)) for port in graph.inputs)
    params = tuple(replace(port, domain=domains.get(port.name, port.domain)) for port in graph.params)
    params = tuple(_default_inside(port) for port in params)
    narrow = replace(graph, inputs=inputs, params=params)
    return NarrowedUniverse(graph, narrow, universe_of(narrow), values)


def _read(file: Path) -> dict[str, Any]:
    try:
        text = read_short(file).decode()
        found: Any = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except OSError as problem:
        raise DataProblem(f"{file} cannot be read: {problem.strerror or problem}") from None
    except ValueError as problem:
        raise DataProblem(f"{file}: {problem}") from None
    if not isinstance(found, dict):
        raise DataProblem(f"{file} holds no names and domains")
    return _flat(found, "")


def _flat(table: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Nested tables by dotted names, as ports are called; a table with `from`, `to` or `values` is an entry."""
    entries: dict[str, Any] = {}
    for name, entry in table.items():
        full = f"{prefix}.{name}" if prefix else name
        if isinstance(entry, dict) and not entry.keys() & {"from", "to", "values"}:
            entries |= _flat(entry, full)
        else:
            entries[full] = entry
    return entries


def _domain(entry: Any, port: Input | Param, type_: Type) -> tuple[Domain, list[Value]]:
    """The narrowed domain of a port and the values listed for it. Raises WrongType, ValueError."""
    whole = port.domain
    if isinstance(entry, Mapping):
        listed = [_value(each, type_, whole) for each in entry.get("values", [])]
        if "from" in entry or "to" in entry:
            ends = [entry.get("from", whole.lo), entry.get("to", whole.hi)]
            return _domain(ends, port, type_)[0], listed
        return whole, listed
    if whole.codes is not None:
        members = entry if isinstance(entry, list) else [entry]
        codes = sorted({int(_value(each, type_, whole)) for each in members})
        return Domain(codes[0], codes[-1], codes=tuple(codes)), []
    if not isinstance(entry, list):
        entry = [entry, entry]
    low, high = (value_as(each, type_) for each in entry)
    excludes = (whole.excludes_lo and low == whole.lo, whole.excludes_hi and high == whole.hi)
    domain = Domain(low, high, *excludes)
    inside = [each for each, out in zip((low, high), excludes, strict=True) if not out]
    if low > high or not all(whole.contains(each) for each in inside):
        raise ValueError("it reaches outside")
    return domain, []


def _value(given: Any, type_: Type, whole: Domain) -> Value:
    value = value_as(given, type_)
    if not whole.contains(value):
        raise ValueError(f"{given!r} is outside")
    return value


def _default_inside(port: Param) -> Param:
    """The parameter without a default that its narrowed domain leaves out: the sampler would keep it in most instances."""
    return port if port.default is None or port.domain.contains(port.default) else replace(port, default=None)


def _inside(column: Column, narrow: Domain, whole: Domain, type_: Type) -> Column:
    """Values that only the narrowed domain leaves out, as one inside it. Those outside the declared one stay: such rows are
    rejected, and that is sampled too."""
    fallback = narrow.lo
    if narrow.excludes_lo:
        fallback = neighbour(float(narrow.lo), math.inf, type_) if type_.is_float else int(narrow.lo) + 1
    cells = column.reshape(-1).tolist()
    kept = [fallback if whole.contains(cell) and not narrow.contains(cell) else cell for cell in cells]
    return np.array(kept, column.dtype).reshape(column.shape)
