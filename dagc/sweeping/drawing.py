"""Bindings drawn from a space: columns of values for the parameters that vary, which its constraints accept."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from dag.values.types import Type, Value
from dag.values.words import Column, column_dtype
from dagc.building.running import prepared
from dagc.live.kernel import Kernel, kernel_from_graph
from dagc.sweeping.problem import SweepProblem
from dagc.sweeping.space import Choices, Range, Space
from dagc.sweeping.spreading import spread_by_ratio, spread_evenly
from lanes.draws import BIRTH, uniform_draw

#: The largest grid.
MOST_ROWS = 1 << 27
#: Where constraints refuse rows, up to so many times as many are drawn as are wanted.
MOST_TRIES = 64

Shares = NDArray[np.float64]


@cache
def kernel_of(lane: AnyLane) -> Kernel:
    """A lane of the library, compiled once in this process."""
    return kernel_from_graph(prepared(lane).graph)


def drawn_bindings(graph: Graph, space: Space, count: int | None = None, first: int = 1) -> dict[str, Column]:
    """Columns [rows] for the parameters that vary, in the order of birth; the first row's serial is `first`.

    `count` is how many are wanted; None: what the space says, or the whole grid. Raises SweepProblem where the constraints leave
    fewer.
    """
    wanted = count or space.count
    names = list(space.varies)
    types = {param.name: graph.types[param.node] for param in graph.params}
    if space.method == "grid":
        columns = _accepted(graph, space, _grid(space, types))
        rows = len(next(iter(columns.values())))
        if wanted is not None and rows < wanted:
            raise _too_few(space, rows, wanted, "give more points")
        return {name: column[:wanted] for name, column in columns.items()}
    if wanted is None:
        raise SweepProblem(f'method = "{space.method}" needs a count: count = 1000, or --instances 1000')
    room = wanted
    while True:
        shares = _shares(space, len(names), room, first)
        drawn = {name: values_of(graph, space, name, shares[:, k]) for k, name in enumerate(names)}
        columns = _accepted(graph, space, drawn)
        rows = len(next(iter(columns.values())))
        if rows >= wanted:
            return {name: column[:wanted] for name, column in columns.items()}
        if room >= MOST_TRIES * wanted:
            raise _too_few(space, rows, wanted, f"of {room:,} drawn; widen the ranges or drop a constraint")
        room *= 2


def _centre(graph: Graph, space: Space, name: str) -> Value | None:
    return next((space.fixed.get(p.name, p.default) for p in graph.params if p.name == name), None)


def satisfying(graph: Graph, space: Space, columns: Mapping[str, Column]) -> NDArray[np.bool_]:
    """Where all constraints hold [rows]; `columns` are those of the parameters that vary."""
    others = {p.name: p.default for p in graph.params if p.default is not None}
    holds = np.ones(len(next(iter(columns.values()))), bool)
    for each in space.constraints:
        try:
            holds &= each.holds({**others, **space.fixed, **columns})
        except KeyError as missing:
            raise SweepProblem(
                f"constraint `{each.text}`: {missing} neither varies nor has a default; give it in [space.fixed]"
            ) from None
    return holds


def _accepted(graph: Graph, space: Space, columns: Mapping[str, Column]) -> dict[str, Column]:
    holds = satisfying(graph, space, columns)
    return {name: column[holds] for name, column in columns.items()}


def _too_few(space: Space, rows: int, wanted: int, fix: str) -> SweepProblem:
    said = ", ".join(f"`{each.text}`" for each in space.constraints) or "no constraint"
    return SweepProblem(f"the space has {rows:,} bindings and {wanted:,} are wanted ({said})\n  fix  {fix}")


def _grid(space: Space, types: Mapping[str, Type]) -> dict[str, Column]:
    """Every combination, the last parameter varying fastest."""
    axes: list[Column] = []
    for name, each in space.varies.items():
        if isinstance(each, Range) and each.points is None:
            raise SweepProblem(f'method = "grid": `{name}` needs points, or a list of values')
        if isinstance(each, Range):
            assert each.points is not None
            axes.append(_spread(each, types[name], np.arange(each.points) / (each.points - 1)))
        else:
            axes.append(np.array(each.values, column_dtype(types[name])))
    rows = math.prod(map(len, axes))
    if rows > MOST_ROWS:
        raise SweepProblem(f"the grid has {rows:,} bindings; at most {MOST_ROWS:,}: give fewer points")
    return dict(zip(space.varies, (each.reshape(-1) for each in np.meshgrid(*axes, indexing="ij")), strict=True))


def _shares(space: Space, width: int, rows: int, first: int) -> Shares:
    """Numbers between 0 and 1 [rows, parameters]."""
    if space.method in ("latin", "sobol"):
        try:
            from scipy.stats import qmc
        except ImportError:
            raise SweepProblem(f'method = "{space.method}" needs scipy\n  fix  pip install scipy') from None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a Sobol sequence of no power of two is still one
            make = qmc.LatinHypercube if space.method == "latin" else qmc.Sobol
            found: Shares = make(width, rng=space.seed).random(rows)
        return found
    return even_shares(space.seed, width, np.arange(first, first + rows))


def even_shares(seed: int, width: int, serials: NDArray[np.int64], bar: int = 0, first: int = 0) -> Shares:
    """Independent numbers between 0 and 1 [rows, parameters]: parameter k's is draw `first` + k of the serial's birth."""
    rows = len(serials)
    key = {"key_low": np.full(rows, seed & 0xFFFFFFFF), "key_high": np.full(rows, seed >> 32)}
    instances = kernel_of(uniform_draw).bind(key)
    columns = [
        np.array(instances.step({"number": first + k, "bar": bar, "serial": serials, "purpose": BIRTH})[0])
        for k in range(width)
    ]
    return np.stack(columns, axis=1)


def values_of(graph: Graph, space: Space, name: str, shares: Shares) -> Column:
    """The values of a parameter that varies, for numbers between 0 and 1."""
    each = space.varies[name]
    type_ = next(graph.types[p.node] for p in graph.params if p.name == name)
    centre = _centre(graph, space, name)
    if isinstance(each, Choices):
        places = np.minimum((shares * len(each.values)).astype(np.int64), len(each.values) - 1)
        return np.array(each.values, column_dtype(type_))[places]
    if space.method == "around":
        if centre is None:
            raise SweepProblem(f'method = "around": `{name}` has no default; give it in [space.fixed]')
        reach = space.spread * abs(float(centre))
        low, high = max(each.low, float(centre) - reach), min(each.high, float(centre) + reach)
        return _spread(Range(low, max(high, low)), type_, shares)
    return _spread(each, type_, shares)


def _spread(each: Range, type_: Type, shares: Shares) -> Column:
    low, high = each.low, each.high
    if not type_.is_float and not each.is_log:
        whole = np.floor(low + shares * (high - low + 1.0))
        return np.minimum(whole, np.floor(high)).astype(column_dtype(type_))
    lane: AnyLane = spread_by_ratio if each.is_log else spread_evenly
    kernel = kernel_of(lane)
    ends = {"low": np.full(len(shares), low), "high": np.full(len(shares), high)}
    values = np.array(kernel.run({"u": shares, **ends})[kernel.graph.outputs[0].name])
    return (values if type_.is_float else np.rint(values)).astype(column_dtype(type_))
