"""float32, int32, fused multiply-add, floor division and sums of a stated order: the graph's bits are those of the numbers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dag import (
    AnyLane,
    bits_float,
    carry,
    ceil,
    float32,
    float_bits,
    floor,
    fma,
    ieee_div,
    int32,
    lane,
    params,
    rint,
    sqrt,
    sum_pairwise,
    sum_seq,
    trunc,
)
from tests.support.python_bars import assert_like_python, graph_of


@params
class Narrow:
    k: float32 = 0.1
    n: int32 = 7


@lane
def arithmetic(x: float32, y: float32, p: Narrow = Narrow()) -> tuple[float32, float32, float32, float32, bool]:  # noqa: B008
    a = (x + y) * 0.1 - x * p.k * p.k
    return a, -abs(x) * 3, ieee_div(x, y) + p.k**3, min(x, 0.1, y) - max(y, 2), x < 0.1 or x == y


@lane
def rounded(x: float32, y: float) -> tuple[float32, float32, float32, float32, float32, float32]:
    return rint(x), floor(x) + ceil(x), trunc(x), sqrt(x), float32(y), float32(float(x) * y)


@lane
def chosen(x: float32, y: float32, flag: bool) -> tuple[float32, float32]:
    z = x if flag else float32(0.1)
    if x > y:
        z = z * y
    return z, helped(0.3, x)


@lane
def helped(weight: float32, x: float32) -> float32:
    return weight * x + weight * weight


@lane
def carried(x: float32) -> float32:
    level: float32 = carry(initial=0.1)
    level = level + (x - level) * 0.25
    return level


@lane
def fused(a: float, b: float, c: float, x: float32, y: float32) -> tuple[float, float, float32]:
    return fma(a, b, c), fma(a, a, -1.0), fma(x, y, -0.1)


@lane
def wrapped(m: int32, n: int32) -> tuple[int32, int32, int32, int32, int32, float, bool]:
    return m * 77777 + n, -m - abs(n), (m & n) | (m ^ 255), m // n, m % n, m / 3, m < n


@lane
def reinterpreted(x: float32, n: int32, k: int) -> tuple[int32, float32, int, float32, int32]:
    return float_bits(x), bits_float(n), int(n) * 3, float32(n), int32(k & 65535)


@lane
def divided(a: int, b: int) -> tuple[int, int, int, int]:
    return a // b, a % b, a // -7, a % 10


@lane
def summed(a: float, b: float, c: float, d: float, e: float) -> tuple[float, float, float]:
    return sum_seq((a, b, c, d, e)), sum_pairwise((a, b, c, d, e)), sum_seq((a, 1.0, b))


LANES: tuple[AnyLane, ...] = (
    arithmetic, rounded, chosen, carried, fused, wrapped, reinterpreted, divided, summed,
)  # fmt: skip


@pytest.mark.parametrize("lane", LANES, ids=lambda each: each.name)
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_graph_gives_the_bits_of_the_numbers(lane: AnyLane, data: st.DataObject) -> None:
    with np.errstate(all="ignore"):
        assert_like_python(lane, {}, data)


def test_the_orders_of_sums_by_hand() -> None:
    tiny = 2.0**-53
    assert sum_seq((1.0, tiny, tiny)) == 1.0
    assert sum_pairwise((tiny, tiny, 1.0)) == 1.0 + 2.0**-52
    assert sum_pairwise((1.0, tiny, tiny)) == 1.0  # (1 + tiny) + tiny
    assert sum_pairwise((1.0, 0.0, tiny, tiny)) == 1.0 + 2.0**-52
    assert sum_seq((-0.0, -0.0)).hex() == "-0x0.0p+0"


def test_a_fused_multiply_add_keeps_what_two_roundings_lose() -> None:
    x = 1.0 + 2.0**-30
    assert x * x - (1.0 + 2.0**-29) == 0.0
    assert fma(x, x, -(1.0 + 2.0**-29)) == 2.0**-60
    single = float32(1.0 + 2.0**-20)
    assert fma(single, single, float32(-(1.0 + 2.0**-19))) == np.float32(2.0**-40)
    assert Fraction(fma(0.1, 10.0, -1.0)) == Fraction(0.1) * 10 - 1


def test_types_of_the_ports() -> None:
    graph = graph_of(arithmetic)
    assert {port.name: str(graph.types[port.node]) for port in graph.ports()} == {
        "x": "f32", "y": "f32", "k": "f32", "n": "i32",
    }  # fmt: skip
    assert {param.name: param.default for param in graph.params} == {"k": float(np.float32(0.1)), "n": 7}
