"""Rows of a lane's whole joint universe: what a check draws, and values that meet each other or move as a market does."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch
from compile.campaign.drawing.sample import sample, universe_of
from dag.graphs.graph import Graph, Input, Param
from dag.values.types import Kind
from dag.values.words import Column

#: Bars of one instance: of a lane without state, of one with, and for each element of the longest array it carries.
BARS, STREAM_BARS, BARS_AN_ELEMENT = 10, 100, 3
#: Share of values that another port of the row has as well, or nearly; share of the instances that move in small steps.
MEETING, MOVING = 0.06, 0.4
STEPS = (0.0, 0.0, 2.0**-52, -(2.0**-52), 1e-9, 1e-5, -1e-5, 7.5e-5, -7.5e-5, 1e-3, -1e-3, 2e-2, -2e-2, 0.3, -0.3)


def bars_of(graph: Graph) -> int:
    """How many bars it takes to see everything that the lane carries come and go."""
    longest = max((graph.types[state.node].length or 1 for state in graph.states), default=0)
    warm_up = max((state.warm_up for state in graph.states if isinstance(state.warm_up, int)), default=0)
    return max(STREAM_BARS, BARS_AN_ELEMENT * max(longest, warm_up)) if graph.states else BARS


def rows_of_universe(graph: Graph, rows: int, seed: int, least_bars: int = 1) -> Batch:
    """At least `rows` rows; the same for the same seed. A few are outside a domain, some are wild: see `sample`."""
    rng = np.random.default_rng(seed)
    bars = max(bars_of(graph), least_bars)
    drawn = sample(universe_of(graph), bars, -(-rows // bars), rng)
    inputs = dict(drawn.inputs)
    ports = [port for port in graph.inputs if graph.types[port.node].kind is Kind.F64]
    if graph.states:
        moving = rng.random(drawn.instances) < MOVING
        for port in ports:
            inputs[port.name] = np.where(moving, _moved(port, inputs[port.name], rng), inputs[port.name])
    tuned = [param.name for param in graph.params if graph.types[param.node].kind is Kind.F64]
    names = [*(port.name for port in ports), *tuned]
    for port in ports:
        other = names[rng.integers(len(names))]
        theirs = drawn.params[other] if other in tuned else inputs[other]
        inputs[port.name] = _meeting(port, inputs[port.name], theirs, rng)
    return Batch(inputs, drawn.params, None, bars, drawn.instances)


def _moved(port: Input, column: Column, rng: np.random.Generator) -> Column:
    """From the first bar on in small relative steps; a bar outside the domain is rejected where it was."""
    steps = 1.0 + rng.choice(STEPS, column.shape)
    path = np.empty_like(column)
    at = np.where(inside(port, column[0]), column[0], 1.0)
    for bar in range(len(column)):
        with np.errstate(over="ignore"):
            following = at * steps[bar]
        at = np.where(inside(port, following), following, at)
        path[bar] = np.where(inside(port, column[bar]), at, column[bar])
    return path


def _meeting(port: Input, column: Column, theirs: Column, rng: np.random.Generator) -> Column:
    theirs = np.broadcast_to(theirs, column.shape) * rng.choice((1.0, 1.0, 1.0, -1.0), column.shape)
    toward = rng.choice((-math.inf, math.inf), column.shape)
    with np.errstate(over="ignore"):
        beside = np.where(theirs == 0.0, theirs, np.nextafter(theirs, toward))  # not a subnormal: XLA gives up on those
    near = np.where(rng.random(column.shape) < 0.5, theirs, beside)
    met = (rng.random(column.shape) < MEETING) & inside(port, near)
    return np.where(met, near, column)


def inside(port: Input | Param, column: Column) -> NDArray[np.bool_]:
    """Where a port's values are in its domain."""
    domain = port.domain
    if domain.codes is not None:
        return np.isin(column.astype(np.int64), domain.codes)
    above = column > domain.lo if domain.excludes_lo else column >= domain.lo
    below = column < domain.hi if domain.excludes_hi else column <= domain.hi
    result: NDArray[np.bool_] = above & below
    return result


def accepted(graph: Graph, batch: Batch) -> NDArray[np.bool_]:
    """Which rows [bars, instances] have every port inside its domain."""
    good = np.ones((batch.bars, batch.instances), np.bool_)
    for port in graph.inputs:
        good &= inside(port, batch.inputs[port.name])
    for param in graph.params:
        good &= inside(param, batch.params[param.name])
    return good
