"""Literals beside float32 and int32: wherever Python would go on computing in its own numbers, the bits are still the graph's.

Every lane here multiplies what it got once more, so that a literal left unrounded, or an integer left unwrapped, shows.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dag import (
    AnyLane,
    bits_float,
    carry,
    domain,
    float32,
    float_bits,
    fma,
    ieee_div,
    int32,
    lane,
    params,
    rint,
    sqrt,
    sum_pairwise,
    sum_seq,
    unit,
)
from dag.values.binary32 import FLOAT32
from tests.support.python_bars import assert_like_python, graph_of

Bps = Annotated[float32, unit("bps")]


@dataclass(frozen=True)
class Point:
    a: float32
    b: float32
    n: int32 = 70000


@dataclass(frozen=True)
class Answer:
    y: float
    x: float32
    flag: bool


@params
class Threshold:
    k: Annotated[float32, unit("bps"), domain(-1.0, below=0.3)] = 0.1


TENTH = float32(0.1)
MANY = int32(70000)
PAIR = (float32(0.1), float32(0.3))
POINT = Point(0.1, 0.3)


def untyped(a, b):  # type: ignore[no-untyped-def]
    return a * b


def typed(a: float32, b: float32) -> float32:
    return a * b  # a plain function's annotations convert nothing, in the graph as on numbers


@lane
def extremes(x: float32, m: int32) -> tuple[float32, float32, int32, float, float32]:
    deep = max(min(x, 0.3), 0.1) * 0.7
    return min(x, 0.1) * 0.1, max((0.3, x, 1)) * 0.7, max(m, 70000) * 70000, max(m, 70000.5) * 70000 * 70000, deep


@lane
def annotated(x: float32, n: int32) -> tuple[float32, int32]:
    z: float32 = 0.1
    k: int32 = 70000
    return z * z + x, k * k + n


@lane
def branches(x: float32) -> float32:
    if x > 1:
        z: float32 = 0.1
    elif x > 0.0:
        z = x
    else:
        z = float32(0.3)
    return z * z


@lane
def carried(x: float32, m: int32) -> tuple[float32, float32, int32]:
    level: float32 = carry(initial=0.1)
    kept = carry(initial=float32(0.1))
    count: int32 = carry(initial=70000)
    result = level * 0.1, kept * 0.1, count * 70000
    level = x
    kept = 0.3
    count = m if m > 0 else count
    return result


@lane
def carried_parts(x: float32) -> tuple[float32, float32]:
    pair: tuple[float32, float32] = carry(initial=(0.1, 0.3))
    point = carry(initial=Point(0.1, 0.3))
    first, second = pair[0] * pair[1], point.a * point.b * float32(point.n)
    pair = (x, first)
    point = Point(x, second)
    return first, second


@lane
def carried_in_units(x: Bps, p: Threshold = Threshold()) -> Bps:  # noqa: B008
    level = carry(initial=float32(0.1))
    level = level + (x - level) * 0.3
    return level - -float32(0.1) + p.k


@lane
def pair_of(x: float32) -> tuple[float32, float32]:
    return x, 0.1


@lane
def product_of(pair: tuple[float32, float32]) -> float32:
    return pair[0] * pair[1]


@lane
def area_of(point: Point) -> float32:
    return point.a * point.b


@lane
def weighted(x: float32, w: float32 = 0.1, *, v: float32 = 0.7) -> float32:
    return w * w + x * v * v


@lane
def across_calls(x: float32) -> tuple[float32, float32, float32, float32, float32]:
    pair = pair_of(x)
    called = weighted(x) + weighted(w=0.3, x=0.1, v=0.3)
    return pair[1] * pair[1] + pair[0], product_of((0.1, 0.3)) + x, called, area_of(Point(0.1, x)), area_of(POINT) + x


@lane
def plain_functions(x: float32) -> tuple[float32, float32]:
    return typed(0.1, 0.3) + x, untyped(0.1, 0.3) + x  # type: ignore[no-untyped-call]


@lane
def answered(x: float32, y: float) -> Answer:
    return Answer(y, 0.1, x < 0.1)


@lane
def records(x: float32, y: float) -> tuple[float32, int32, float32]:
    answer, point = answered(x, y), Point(x, 0.1)
    return answer.x * answer.x + (x if answer.flag else float32(y)), point.n * point.n, point.b * point.b + point.a


@lane
def names_of_the_module(x: float32, m: int32) -> tuple[float32, int32, float32, float32]:
    return TENTH * TENTH + x, MANY * MANY + m, PAIR[0] * PAIR[1] + x, POINT.a * POINT.b + x


@lane
def known_beforehand(x: float32, m: int32, f: bool) -> tuple[float32, int32, float, bool, int32, float32, float32]:
    a = float32(0.1) * 0.3 + float32(0.7)
    b = int32(70000) * 70000
    z = float32(0.0) if f else float32(-0.0)
    least = min(float32(0.1), 0.1) * 0.1 + float32(0.1) ** 3 + abs(float32(-0.1)) * 0.3
    return (
        a * x,
        b + m,
        int32(7) / 2,
        float32(0.1) < 0.1,
        int32(-7) // 2 + int32(-7) % 4,
        ieee_div(x, z),
        least + x**0 * 0.1 * 0.3,
    )


@lane
def sums(x: float32, m: int32) -> tuple[float32, float32, int32, float]:
    integers = sum_pairwise((m, 2147483647, 3))
    return sum_seq((0.1, 0.2, 0.3, x)) * x, sum_pairwise((0.1, 0.7, 0.3, x)) * x, integers, sum_seq((m, 0.1, 0.2))


@lane
def fused(x: float32, m: int32) -> tuple[float32, float32, float]:
    return fma(0.1, 0.3, x), fma(x, x, 1), fma(m * 0.1, 3.0, 0.7)


@lane
def of_numpy_floats(m: int32) -> tuple[float, float, float]:
    return round(m / 1000, 2), rint(m / 3) + sqrt(abs(m) + 0.5), (m / 7) ** 3


@lane
def rounded(x: float32, m: int32) -> tuple[int, int, int, int, int32, bool, bool]:
    y = min(max(x, -1e9), 1e9)  # Python's integers have no end
    return math.trunc(y), math.floor(y), math.ceil(y), round(y), round(m), math.isnan(x), bool(x)


@lane
def converted(
    y: float, n: int, f: bool, m: int32, x: float32
) -> tuple[int32, int32, int32, int32, float32, float32, float32, float32]:
    return int32(y), int32(x), int32(n), int32(f), float32(y), float32(n), float32(f), float32(m)


@lane
def converted_literals(f: bool, x: float32) -> tuple[float32, int32, float32, int32]:
    chosen = 0.1 if f else 0.3
    return float32(chosen) * chosen, int32(70000 if f else 3) * 70000, float32(2**24 + 1) + x, int32(3e9) + int32(2**40)


@lane
def patterns(x: float32, n: int32) -> tuple[int32, float32, int32, int32]:
    shifted = (n << 40) + (n >> 40) + (n << 3) * 3
    return float_bits(x) + 2147483647 - float_bits(float32(0.1)), bits_float(n) * 0.1, shifted, ~n * 70000


@lane
def compared(x: float32, m: int32, n: int32, f: bool) -> tuple[bool, bool, bool, bool, int]:
    return 0.1 < x <= 0.3, m in (1, 2, -1), f == (m > n), (x < 0.1) & f, int(x < 0.1) + 3


LANES: tuple[AnyLane, ...] = (
    extremes, annotated, branches, carried, carried_parts, carried_in_units, across_calls, plain_functions, records,
    names_of_the_module, known_beforehand, sums, fused, of_numpy_floats, rounded, converted, converted_literals,
    patterns, compared,
)  # fmt: skip


@pytest.mark.parametrize("lane", LANES, ids=lambda each: each.name)
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_graph_gives_the_bits_of_the_numbers(lane: AnyLane, data: st.DataObject) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # numpy has nothing to say of overflows that the type is defined to have
        assert_like_python(lane, {}, data)


def test_what_a_lane_takes_and_gives_is_as_declared() -> None:
    assert isinstance(product_of((0.1, 0.3)), FLOAT32)
    assert product_of((0.1, 0.3)) == np.float32(0.1) * np.float32(0.3)
    assert answered(0.05, 1.0).flag is True
    assert type(of_numpy_floats(int32(7))[0]) is float
    given = Point(0.1, 0.3)
    area_of(given)
    assert given == replace(given), "what a caller passes in stays his"
    assert type(given.a) is float


def test_an_integer_becomes_a_float32_in_one_rounding() -> None:
    n = (1 << 54) + (1 << 30) + 1  # to binary64 it loses the last bit, and is then a tie that goes down
    assert np.float32(float(n)) == np.float32(2.0**54)
    got = converted(0.0, n, False, int32(0), float32(0.0))[5]
    assert got == np.float32(2.0**54 + 2.0**31)


def test_parameters_of_narrow_type_keep_their_open_ends() -> None:
    (param,) = graph_of(carried_in_units).params
    assert param.default == float(np.float32(0.1))
    below = float(np.nextafter(np.float32(0.3), np.float32(0)))
    assert param.domain.contains(below)
    assert not param.domain.contains(float(np.float32(0.3))) or float(np.float32(0.3)) < 0.3
