"""Random domains for the ports of a graph, and rows inside them that keep to their edges."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from compile.backend import Batch
from compile.campaign.drawing.special_values import SPECIAL_F32, SPECIAL_F64, SPECIAL_I32, SPECIAL_I64
from dag.graphs.graph import Graph, Input, Param
from dag.values.domain import Domain, interval, neighbour
from dag.values.types import Kind, Type, Value
from dag.values.words import Column, column_dtype


def with_narrow_domains(graph: Graph, seed: int) -> Graph:
    """`graph`, three quarters of its numeric ports with a random domain between two special or ordinary values."""
    rng = np.random.default_rng(seed)
    inputs = tuple(replace(port, domain=_domain(rng, port, graph.types[port.node])) for port in graph.inputs)
    params = tuple(replace(port, domain=_domain(rng, port, graph.types[port.node])) for port in graph.params)
    return replace(graph, inputs=inputs, params=params)


def batch_inside(graph: Graph, seed: int, bars: int, instances: int) -> Batch:
    """Columns inside the domains: ends, their neighbours, special values and values between."""
    rng = np.random.default_rng(seed)

    def column(port: Input | Param, shape: tuple[int, ...]) -> Column:
        type_ = graph.types[port.node]
        pool = [value for value in _candidates(rng, port.domain, type_) if port.domain.contains(value)]
        return rng.choice(np.array(pool, dtype=column_dtype(type_)), shape)

    return Batch(
        inputs={port.name: column(port, (bars, instances)) for port in graph.inputs},
        params={port.name: column(port, (instances,)) for port in graph.params},
        bars=bars,
        instances=instances,
    )


def _special(type_: Type) -> tuple[Value, ...]:
    return {Kind.F64: SPECIAL_F64, Kind.F32: SPECIAL_F32, Kind.I64: SPECIAL_I64, Kind.I32: SPECIAL_I32}[type_.kind]


def _domain(rng: np.random.Generator, port: Input | Param, type_: Type) -> Domain:
    if port.domain.codes is not None or rng.random() < 0.25:
        return port.domain
    pool = [value for value in _special(type_) if math.isfinite(value)]
    ends = rng.choice(np.array(pool, dtype=column_dtype(type_)), 2)
    if type_.is_float and rng.random() < 0.4:
        ends = rng.normal(size=2) * 10.0 ** rng.integers(-3, 4)
    if rng.random() < 0.2:
        ends = ends[[0, 0]]
    lo, hi = sorted(end.item() for end in ends)
    if lo < hi and rng.random() < 0.3:
        return interval(type_, above=lo, hi=hi)
    return interval(type_, lo, hi)


def _candidates(rng: np.random.Generator, domain: Domain, type_: Type) -> list[Value]:
    if domain.codes is not None:
        return list(domain.codes)
    lo, hi = domain.lo, domain.hi
    if type_.is_float:
        ends = [float(lo), float(hi)]
        near = [neighbour(x, toward, type_) for x in ends for toward in (math.inf, -math.inf)]
        share = rng.random(8)
        inside = [float(lo) * (1.0 - each) + float(hi) * each for each in share]
        dtype = column_dtype(type_).type
        return [*ends, *near, *(float(dtype(x)) for x in inside), *_special(type_)]
    inside_ints = [int(lo) + int(each * (int(hi) - int(lo))) for each in rng.random(6)]
    return [int(lo), int(hi), int(lo) + 1, int(hi) - 1, *inside_ints, *_special(type_)]
