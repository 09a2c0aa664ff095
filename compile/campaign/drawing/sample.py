"""Sampling the joint universe of a graph: all inputs and parameters at once, near every boundary that can matter.

Most rows are ordinary, many sit on a threshold of the graph (one of its constants, defaults or domain ends) or a few ulps
beside it, and in a few one port is outside its domain, so that rejection is exercised too. Some instances are wild: there
every port may be subnormal or huge. They are kept apart because on XLA one subnormal sends the whole instance to the
exact path, and a campaign of nothing else would say little about the kernel. Only the seed decides what is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch
from dag.graphs.graph import Graph, Input, Param
from dag.values.domain import F64_MAX, Domain, neighbour, whole_domain
from dag.values.types import Kind, Type
from dag.values.words import Column, column_dtype

EXTREMES = (
    0.0, -0.0, 5e-324, -5e-324, 2.2250738585072009e-308, 2.2250738585072014e-308, -2.2250738585072014e-308,
    1e-300, 1.0, -1.0, 0.5, 4503599627370495.5, 9007199254740992.0, 9.223372036854776e18, 1e300, F64_MAX, -F64_MAX,
)  # fmt: skip
OUTSIDE = (math.nan, math.inf, -math.inf)
BAD_ROWS = 0.02  # share of bars in which one input, and of instances in which one parameter, is outside its domain
DEFAULTS = 0.6  # share of instances in which a parameter keeps its default
WILD = 0.08  # share of instances in which ports take subnormal, huge and other extreme values
TAME = 2.0**-100  # elsewhere the smallest magnitude but zero, and its inverse the largest
TIED = 0.15  # share of places along an axis that have the value of another place
ALIKE = 0.1  # share of rows in which every place has that of another
HELD = 0.15  # share of bars in which an input keeps the value of the bar before


@dataclass(frozen=True, slots=True)
class Universe:
    """What a campaign draws from: the graph's ports and the values at which it may change its mind."""

    graph: Graph
    thresholds: NDArray[np.float64]
    whole_thresholds: NDArray[np.int64]


def universe_of(graph: Graph) -> Universe:
    """The universe of `graph`: thresholds are its numeric constants, its defaults and the ends of its domains."""
    constants = [(c, t) for c, t in zip(graph.constants, graph.types, strict=True) if c is not None]
    floats = {float(constant) for constant, type_ in constants if type_.is_float}
    whole = {int(constant) for constant, type_ in constants if type_.kind in (Kind.I64, Kind.I32)}
    for param in graph.params:
        if param.default is not None and graph.types[param.node].is_float:
            floats.add(float(param.default))
    finite = sorted(x for x in floats if math.isfinite(x))
    return Universe(graph, np.array([*finite, 0.0]), np.array([*sorted(whole), 0], dtype=np.int64))


def sample(universe: Universe, bars: int, instances: int, rng: np.random.Generator) -> Batch:
    """A batch of `bars` x `instances` rows; the state starts at its initial values."""
    graph = universe.graph
    wild = rng.random(instances) < WILD
    inputs = {port.name: _input_column(universe, port, bars, wild, rng) for port in graph.inputs}
    params = {port.name: _param_column(universe, port, wild, rng) for port in graph.params}
    _spoil(graph, graph.inputs, inputs, (bars, instances), rng)
    _spoil(graph, graph.params, params, (instances,), rng)
    return Batch(inputs, params, None, bars, instances)


def _input_column(
    universe: Universe, port: Input, bars: int, wild: NDArray[np.bool_], rng: np.random.Generator
) -> Column:
    column = _drawn(universe, universe.graph.types[port.node], port.domain, (bars, len(wild)), wild, rng)
    held = rng.random((bars, len(wild))) < HELD
    for bar in range(1, bars):
        column[bar] = np.where(_of_all_places(held[bar], column[bar]), column[bar - 1], column[bar])
    return column


def _of_all_places(flags: NDArray[Any], column: Column) -> NDArray[Any]:
    """Flags of rows, for a column that may have places behind them."""
    return flags.reshape(flags.shape + (1,) * (column.ndim - flags.ndim))


def _drawn(
    universe: Universe,
    type_: Type,
    domain: Domain,
    shape: tuple[int, ...],
    wild: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Column:
    """Values of `domain`, along an axis one for each place: some of them alike, and now and then all of them."""
    if type_.length is None:
        return _values(universe, type_, domain, shape, wild, rng)
    *bars, instances = shape
    wide = (*bars, instances * type_.length)
    column = _values(universe, type_.element, domain, wide, np.repeat(wild, type_.length), rng)
    column = column.reshape(*shape, type_.length)
    others = rng.integers(0, type_.length, column.shape)
    alike = rng.random(column.shape) < np.where(rng.random(shape) < ALIKE, 1.0, TIED)[..., np.newaxis]
    first = np.where(rng.random(shape) < 0.5, 0, others[..., 0])[..., np.newaxis]
    wanted = np.where((rng.random(shape) < 0.5)[..., np.newaxis], first, others)
    return np.where(alike, np.take_along_axis(column, wanted, axis=-1), column)


def _param_column(universe: Universe, port: Param, wild: NDArray[np.bool_], rng: np.random.Generator) -> Column:
    column = _drawn(universe, universe.graph.types[port.node], port.domain, wild.shape, wild, rng)
    if port.default is not None:
        kept = _of_all_places(rng.random(len(wild)) < DEFAULTS, column)
        column = np.where(kept, np.array(port.default, column.dtype), column)
    return column


def _values(
    universe: Universe,
    type_: Type,
    domain: Domain,
    shape: tuple[int, ...],
    wild: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Column:
    """Values of `domain`, all of them inside it; the last axis of `shape` is the instances."""
    if domain.codes is not None:
        codes: Column = rng.choice(np.array(domain.codes), shape).astype(column_dtype(type_))
        return codes
    if type_.kind in (Kind.I64, Kind.I32):
        low, high = int(domain.lo) + domain.excludes_lo, int(domain.hi) - domain.excludes_hi
        narrow = (
            rng.integers(max(low, -1000), min(high, 1000), shape, endpoint=True)
            if low <= 1000 and high >= -1000
            else None
        )
        wide = rng.integers(low, high, shape, dtype=np.int64, endpoint=True)
        near = np.clip(rng.choice(universe.whole_thresholds, shape) + rng.integers(-1, 2, shape), low, high)
        kind = rng.random(shape)
        whole = np.where(kind < 0.4, wide if narrow is None else narrow, np.where(kind < 0.7, near, wide))
        return whole.astype(column_dtype(type_), copy=False)
    least, greatest = float_ends(type_, domain)
    drawn = _float_values(universe, least, greatest, shape, wild, rng)
    if type_.kind is Kind.F32:
        # Rounding may step over an end; subnormals of binary32 are ordinary numbers of binary64.
        tiny = np.where(rng.random(shape) < 0.05, drawn * 2.0**-126, drawn)
        with np.errstate(over="ignore"):
            return np.clip(np.where(wild, tiny, drawn), least, greatest).astype(np.float32)
    return drawn


def float_ends(type_: Type, domain: Domain) -> tuple[float, float]:
    """The least and the greatest allowed value of a float domain."""
    least = neighbour(float(domain.lo), math.inf, type_) if domain.excludes_lo else float(domain.lo)
    greatest = neighbour(float(domain.hi), -math.inf, type_) if domain.excludes_hi else float(domain.hi)
    return least, greatest


def _float_values(
    universe: Universe,
    low: float,
    high: float,
    shape: tuple[int, ...],
    wild: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Column:
    modest_low, modest_high = max(low, -10.0), min(high, 10.0)
    if modest_low >= modest_high:
        modest_low, modest_high = low, min(high, low + 10.0)
    ordinary = rng.uniform(modest_low, modest_high, shape)
    signs = np.where(rng.random(shape) < 0.5, -1.0, 1.0)
    magnitudes = signs * np.exp2(rng.uniform(-12.0, 14.0, shape))
    near = _beside(rng.choice(universe.thresholds, shape), rng.integers(-3, 4, shape))
    ends = _beside(np.where(rng.random(shape) < 0.5, low, high), rng.integers(-2, 3, shape))
    zeros = np.copysign(0.0, signs)
    kind = rng.random(shape)
    drawn = np.select([kind < 0.45, kind < 0.65, kind < 0.92, kind < 0.97], [ordinary, magnitudes, near, ends], zeros)
    is_tame = ((np.abs(drawn) >= TAME) & (np.abs(drawn) <= 1.0 / TAME)) | (drawn == 0.0)
    tame = np.where(is_tame & (drawn >= low) & (drawn <= high), drawn, ordinary)
    far = signs * np.exp2(rng.uniform(-1074.0, 1023.9, shape))
    extreme = np.where(rng.random(shape) < 0.5, rng.choice(np.array(EXTREMES), shape), far)
    column = np.where(wild, np.where(rng.random(shape) < 0.3, extreme, drawn), tame)
    return np.clip(column, low, high)


def _beside(values: NDArray[np.float64], steps: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each value, moved by that many representable numbers."""
    for distance in range(1, int(np.abs(steps).max(initial=0)) + 1):
        moved = np.nextafter(values, np.where(steps > 0, F64_MAX, -F64_MAX))
        values = np.where(np.abs(steps) >= distance, moved, values)
    return values


def _spoil(
    graph: Graph,
    ports: Sequence[Input | Param],
    columns: dict[str, Column],
    shape: tuple[int, ...],
    rng: np.random.Generator,
) -> None:
    """In a few places, put one port outside its domain; never in the first row, so that the smallest campaign compares something."""
    if not ports:
        return
    bad = rng.random(shape) < BAD_ROWS
    bad[(0,) * len(shape)] = False
    which = rng.integers(0, len(ports), shape)
    for index, port in enumerate(ports):
        type_, column = graph.types[port.node], columns[port.name]
        outside = outside_of(type_, port.domain)
        if outside:
            spoiled = _of_all_places(rng.choice(np.array(outside, dtype=column.dtype), shape), column)
            here = _of_all_places(bad & (which == index), column)
            if type_.length is not None:  # one place is enough
                here = here & (rng.integers(0, type_.length, shape)[..., np.newaxis] == np.arange(type_.length))
            columns[port.name] = np.where(here, spoiled, column)


def outside_of(type_: Type, domain: Domain) -> list[float] | list[int]:
    """Some values of the type that the domain does not hold."""
    if type_.kind is Kind.BOOL:
        return []
    if domain.codes is not None:
        return [min(domain.codes) - 1, max(domain.codes) + 1, 1 << 40]
    if not type_.is_float:
        candidates, whole = [int(domain.lo) - 1, int(domain.hi) + 1], whole_domain(type_)
        return [n for n in candidates if whole.contains(n) and not domain.contains(n)]
    low, high = float(domain.lo), float(domain.hi)
    beyond = [low, high, neighbour(low, -math.inf, type_), neighbour(high, math.inf, type_), *OUTSIDE]
    return [x for x in beyond if not domain.contains(x)]
