"""Rows for a lane's graph that look for its boundaries: ends of domains, defaults, each other's values, and one ulp beside them."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping

from compile.campaign.drawing.special_values import SPECIAL_F64
from dag.graphs.graph import Graph, Input, Param
from dag.values.domain import Domain
from dag.values.types import Kind, Type, Value

#: Values that the lanes' formulas turn at, beside the ends and defaults that each graph states itself.
TURNS = (0.0, 0.5, 1.0, 2.0, 3.0, 9.0, 700.0, 0.7071067811865476, 2.625, 6.875, 100.0, 100.0075, 99.9925, 1e-9, 46 / 48)


def rows_for(graph: Graph, defaults: Mapping[str, Value], count: int, seed: int) -> list[dict[str, Value]]:
    """`count` rows, each inside every domain; the same for the same seed."""
    rng = random.Random(seed)
    return [_row(graph, defaults, rng) for _ in range(count)]


def bars_for(graph: Graph, defaults: Mapping[str, Value], count: int, seed: int) -> list[dict[str, Value]]:
    """`count` rows of one instance: parameters stay, and an input often keeps the value of the bar before."""
    rng = random.Random(seed)
    tunable = {param.name for param in graph.params}
    bars: list[dict[str, Value]] = []
    for row in rows_for(graph, defaults, count, seed):
        kept = {name for name in row if name in tunable or rng.random() < 0.5} if bars else set[str]()
        bars.append({name: bars[-1][name] if name in kept else value for name, value in row.items()})
    return bars


def wild(row: Mapping[str, Value], graph: Graph, rng: random.Random) -> dict[str, Value]:
    """`row` with about one float input in three replaced by anything: NaN, infinities, values outside the domain."""
    floats = {port.name for port in graph.inputs if graph.types[port.node].kind is Kind.F64}
    return {
        name: rng.choice(SPECIAL_F64) if name in floats and rng.random() < 0.34 else value
        for name, value in row.items()
    }


def _row(graph: Graph, defaults: Mapping[str, Value], rng: random.Random) -> dict[str, Value]:
    row: dict[str, Value] = {}
    tame = rng.random() < 0.5  # half of the rows keep most parameters at their defaults, as users do
    ports: tuple[Input | Param, ...] = (*graph.params, *graph.inputs)  # parameters first: inputs then seek them
    for port in ports:
        type_ = graph.types[port.node]
        default = defaults.get(port.name)
        if default is not None and tame and rng.random() < 0.8:
            row[port.name] = default
        else:
            met = [v for v in row.values() if type(v) is float] if type_.kind is Kind.F64 else []
            row[port.name] = _value(type_, port.domain, [*met, *([] if default is None else [default])], rng)
    return row


def _value(type_: Type, domain: Domain, nearby: list[Value], rng: random.Random) -> Value:
    match type_.kind:
        case Kind.BOOL:
            return rng.random() < 0.5
        case Kind.ENUM:
            assert domain.codes is not None
            return rng.choice(domain.codes)
        case Kind.I64 | Kind.I32:
            return rng.randint(int(domain.lo), int(domain.hi))
        case Kind.F64 | Kind.F32:
            while not domain.contains(value := _float(domain, [float(v) for v in nearby], rng)):
                pass
            return value


def _float(domain: Domain, nearby: list[float], rng: random.Random) -> float:
    kind = rng.random()
    if kind < 0.15:
        return rng.choice(SPECIAL_F64)
    if kind < 0.45:
        marks = nearby if nearby and rng.random() < 0.6 else [float(domain.lo), float(domain.hi), *TURNS]
        base = rng.choice(marks) * rng.choice((1.0, 1.0, -1.0))
        steps = rng.choice((0, 0, 0, 1, -1, 2, -2))
        value = base
        for _ in range(abs(steps)):
            value = math.nextafter(value, math.copysign(math.inf, steps))
        return value
    if kind < 0.6:
        return math.ldexp(rng.uniform(-1.0, 1.0), rng.randint(-40, 40))
    low, high = max(float(domain.lo), -12.0), min(float(domain.hi), 12.0)
    scale = rng.choice((1.0, 1.0, 0.1, 0.01))
    return rng.uniform(low, high) * scale if low < high else rng.choice((float(domain.lo), float(domain.hi)))
