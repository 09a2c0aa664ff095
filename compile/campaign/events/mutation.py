"""Changing one history a little: one port at one bar, by any power of two of representable numbers, or to a telling value."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from compile.campaign.drawing.ordinals import stepped
from compile.campaign.drawing.sample import EXTREMES, Universe, float_ends, outside_of
from compile.campaign.run.histories import History
from dag.graphs.graph import Graph, Input, Param
from dag.values.domain import Domain
from dag.values.types import Kind, Type, Value
from dag.values.words import column_dtype, round_f32

Generator = np.random.Generator


@dataclass(frozen=True, slots=True)
class Mutator:
    """Mutates histories of one graph. `outside` is the share of changes that leave the domain, so that the row is rejected."""

    universe: Universe
    ports: tuple[Input | Param, ...]

    def mutated(self, history: History, bar: int, rng: Generator, outside: float, scale: float) -> History:
        """`history` with one port, or now and then two, changed at `bar` or before it; steps are often of about 2^`scale`.

        Beyond its end a history repeats its last bar, which is changed then.
        """
        bar = min(bar, history.bars - 1)
        inputs, params = dict(history.inputs), dict(history.params)
        graph = self.universe.graph
        for _ in range(1 + (rng.random() < 0.25)):
            port = self.ports[int(rng.integers(len(self.ports)))]
            type_, columns = graph.types[port.node], inputs if isinstance(port, Input) else params
            place = 0
            if isinstance(port, Input):
                place = bar if rng.random() < 0.7 else int(rng.integers(bar + 1))
            column = columns[port.name].copy()
            cells = column if type_.length is None else column[:, int(rng.integers(type_.length))]
            fresh = self._value(cells[place].item(), type_.element, port.domain, rng, outside, history, place, scale)
            # A state follows what stays: now and then the value holds from here on.
            cells[place : len(column) if rng.random() < 0.15 else place + 1] = fresh
            columns[port.name] = column
        return History(inputs, params)

    def _value(
        self,
        here: Value,
        type_: Type,
        domain: Domain,
        rng: Generator,
        outside: float,
        history: History,
        place: int,
        scale: float,
    ) -> Value:
        if rng.random() < outside and (beyond := outside_of(type_, domain)):
            return beyond[int(rng.integers(len(beyond)))]
        if domain.codes is not None:
            return domain.codes[int(rng.integers(len(domain.codes)))]
        kind = rng.random()
        near = int(rng.integers(-3, 4))
        if kind < 0.6:
            most = 62 if type_.kind in (Kind.F64, Kind.I64) else 31
            guessed = scale < most and rng.random() < 0.7
            size = int(
                2.0 ** min(max(rng.normal(scale, 3.0), 0.0), most - 1) if guessed else 1 << int(rng.integers(0, most))
            )
            fresh = stepped(here, size if rng.random() < 0.5 else -size, type_)
        elif kind < 0.72:
            fresh = stepped(self._telling(type_, rng), near, type_)
        elif kind < 0.84:
            fresh = stepped(self._neighbour(type_, rng, history, place), near, type_)
        elif type_.is_float:
            fresh = _short(float(here), rng)
        else:
            fresh = int(here) + int(rng.integers(-9, 10))
        return _clipped(fresh, type_, domain)

    def _telling(self, type_: Type, rng: Generator) -> Value:
        """A threshold of the graph, or an extreme."""
        if type_.is_float:
            if rng.random() < 0.4:
                return EXTREMES[int(rng.integers(len(EXTREMES)))]
            return float(self.universe.thresholds[int(rng.integers(len(self.universe.thresholds)))])
        if rng.random() < 0.4:
            ends = np.iinfo(column_dtype(type_))
            return (int(ends.min), int(ends.max), -1, 0, 1)[int(rng.integers(5))]
        return int(self.universe.whole_thresholds[int(rng.integers(len(self.universe.whole_thresholds)))])

    def _neighbour(self, type_: Type, rng: Generator, history: History, place: int) -> Value:
        """What another port of this type holds on this bar, its sign now and then the other."""
        graph = self.universe.graph
        alike = [port for port in self.ports if graph.types[port.node].element == type_]
        port = alike[int(rng.integers(len(alike)))]
        cell = history.inputs[port.name][place] if isinstance(port, Input) else history.params[port.name][0]
        value: Value = (cell if cell.ndim == 0 else cell[int(rng.integers(len(cell)))]).item()
        return -value if rng.random() < 0.3 else value


def _short(here: float, rng: Generator) -> float:
    """The value with only a few bits of its mantissa: sums and products of such are exact, or ties."""
    if not math.isfinite(here):
        return here
    mantissa, exponent = math.frexp(here)
    kept = 1 << int(rng.integers(1, 30))
    try:
        return math.ldexp(round(mantissa * kept) / kept, exponent)
    except OverflowError:
        return here


def _clipped(value: Value, type_: Type, domain: Domain) -> Value:
    if type_.is_float:
        low, high = float_ends(type_, domain)
        held = round_f32(float(value)) if type_.kind is Kind.F32 else float(value)
        return low if held != held else min(max(held, low), high)
    return min(max(int(value), int(domain.lo) + domain.excludes_lo), int(domain.hi) - domain.excludes_hi)


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
