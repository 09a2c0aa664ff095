"""Changing one history a little: one port at one bar, by any power of two of representable numbers, or to a telling value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from compile.campaign.histories import History
from compile.campaign.ordinals import moved
from compile.campaign.sample import EXTREMES, Universe, float_ends, outside_of
from dag.domain import Domain
from dag.graph import Graph, Input, Param
from dag.types import Kind, Type
from dag.words import Column, column_dtype

Generator = np.random.Generator


@dataclass(frozen=True, slots=True)
class Mutator:
    """Mutates histories of one graph. `outside` is the share of changes that leave the domain, so that the row is rejected."""

    universe: Universe
    ports: tuple[Input | Param, ...]

    def mutated(self, history: History, bar: int, rng: Generator, outside: float) -> History:
        """`history` with one port, or now and then two, changed at `bar` or before it."""
        inputs, params = dict(history.inputs), dict(history.params)
        graph = self.universe.graph
        for _ in range(1 + (rng.random() < 0.25)):
            port = self.ports[int(rng.integers(len(self.ports)))]
            type_, columns = graph.types[port.node], inputs if isinstance(port, Input) else params
            place = 0
            if isinstance(port, Input):
                place = bar if rng.random() < 0.7 else int(rng.integers(bar + 1))
            column = columns[port.name].copy()
            here = column[place : place + 1]
            fresh = self._value(here, type_, port.domain, rng, outside, history, place)
            # A state follows what stays: now and then the value holds from here on.
            column[place : len(column) if rng.random() < 0.15 else place + 1] = fresh
            columns[port.name] = column
        return History(inputs, params)

    def _value(
        self, here: Column, type_: Type, domain: Domain, rng: Generator, outside: float, history: History, place: int
    ) -> Column:
        if rng.random() < outside and (beyond := outside_of(type_, domain)):
            return np.array([beyond[int(rng.integers(len(beyond)))]], here.dtype)
        if domain.codes is not None:
            return np.array([domain.codes[int(rng.integers(len(domain.codes)))]], here.dtype)
        kind = rng.random()
        step = int(rng.choice([-1, 1])) * (1 << int(rng.integers(0, 62 if type_.kind in (Kind.F64, Kind.I64) else 31)))
        near = np.array([rng.integers(-3, 4)], np.int64)
        if kind < 0.6:
            fresh = moved(here, np.array([step], np.int64))
        elif kind < 0.72:
            fresh = moved(self._telling(type_, rng), near)
        elif kind < 0.84:
            fresh = moved(self._neighbour(here, type_, rng, history, place), near)
        elif type_.is_float:
            fresh = _short(here, rng)
        else:
            fresh = here + np.array([rng.integers(-9, 10)], here.dtype)
        return _clipped(fresh, type_, domain)

    def _telling(self, type_: Type, rng: Generator) -> Column:
        """A threshold of the graph, or an extreme."""
        if type_.is_float:
            pool = self.universe.thresholds if rng.random() < 0.6 else np.array(EXTREMES)
            with np.errstate(over="ignore"):
                return rng.choice(pool, 1).astype(column_dtype(type_))
        ends = np.iinfo(column_dtype(type_))
        pool = np.array([ends.min, ends.max, -1, 0, 1]) if rng.random() < 0.4 else self.universe.whole_thresholds
        return np.clip(rng.choice(pool, 1), ends.min, ends.max).astype(column_dtype(type_))

    def _neighbour(self, here: Column, type_: Type, rng: Generator, history: History, place: int) -> Column:
        """What another port of this type holds on this bar, its sign now and then the other."""
        graph = self.universe.graph
        alike = [port for port in self.ports if graph.types[port.node] == type_]
        port = alike[int(rng.integers(len(alike)))]
        column = history.inputs[port.name][place : place + 1] if isinstance(port, Input) else history.params[port.name]
        value: Column = np.negative(column) if type_.is_float and rng.random() < 0.3 else column.copy()
        return value if type_.is_float else value.astype(here.dtype)


def _short(here: Column, rng: Generator) -> Column:
    """The value with only a few bits of its mantissa: sums and products of such are exact, or ties."""
    with np.errstate(all="ignore"):
        mantissa, exponent = np.frexp(here)
        kept = float(1 << int(rng.integers(1, 30)))
        shorter: Column = np.ldexp(np.rint(mantissa * kept) / kept, exponent).astype(here.dtype)
        return np.where(np.isfinite(shorter), shorter, here)


def _clipped(column: Column, type_: Type, domain: Domain) -> Column:
    if type_.is_float:
        low, high = float_ends(type_, domain)
        inside: Column = np.where(np.isnan(column), column.dtype.type(low), np.clip(column, low, high)).astype(column.dtype)
        return inside
    low_end, high_end = int(domain.lo) + domain.excludes_lo, int(domain.hi) - domain.excludes_hi
    return np.clip(column, low_end, high_end).astype(column.dtype)


def mutators_of(universe: Universe) -> dict[int, Mutator]:
    """For each node the mutator of the ports it depends on, on this bar or through states on earlier ones."""
    graph = universe.graph
    ports = graph.ports()
    reads = _reads(graph)
    shared: dict[int, Mutator] = {}
    return {
        node: shared.setdefault(mask, Mutator(universe, tuple(port for k, port in enumerate(ports) if mask >> k & 1)))
        for node, mask in enumerate(reads)
        if mask
    }


def _reads(graph: Graph) -> list[int]:
    """For each node the ports it depends on, as bits, through states too."""
    reads = [0] * len(graph)
    for index, port in enumerate(graph.ports()):
        reads[port.node] = 1 << index
    while True:
        for node, args in enumerate(graph.args):
            for arg in args:
                reads[node] |= reads[arg]
        grown = False
        for state in graph.states:
            if reads[state.next] & ~reads[state.node]:
                reads[state.node] |= reads[state.next]
                grown = True
        if not grown:
            return reads
