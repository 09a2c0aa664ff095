"""Whatever a lane may hold, its graph gives the bits that Python gives. Inputs are heavy with special values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Annotated

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dag import (
    AnyLane,
    as_unit,
    bits_float,
    carry,
    ceil,
    float32,
    float_bits,
    floor,
    ieee_div,
    int32,
    lane,
    leading_zeros,
    logical_shift_right,
    lookup,
    multiply_high,
    params,
    rint,
    sqrt,
    trunc,
    unit,
    unsigned_less,
    wrapping_shl,
)
from tests.support.python_bars import assert_like_python

Price = Annotated[float, unit("px")]
Bps = Annotated[float, unit("bps")]
LIMIT = 0.75
OFF = False
WEIGHTS = (0.5, 0.25, 0.125)


class Side(IntEnum):
    LONG = 1
    SHORT = -1


class Mood(Enum):
    CALM = "calm"
    WILD = "wild"
    LOST = "lost"


@params
class Band:
    low: float = -0.5
    high: Annotated[float, unit("px")] = 1.5
    steps: int = 3


@dataclass(frozen=True)
class Quote:
    bid: Price
    ask: Price
    open: bool = True


@lane
def arithmetic(a: float, b: float) -> float:
    """Literals, signs, division, powers."""
    c = -a + 2.0 * b - a / 3 + (+b)
    c = c**3 + a**2 + b**1
    c *= 0.5
    c -= 10**6 * a
    return c / 7.0


@lane
def powers(a: float, n: int) -> tuple[float, int, float]:
    return a**5, n**3, a**0 + 2.0**3


@lane
def integers(n: int, m: int) -> int:
    k = (n & 0xFF) + (m >> 3) - ((m & 7) << 2)
    k = k ^ 5 | 1
    return min(abs(k), 1000) + max(~(n & 15), -(m & 15)) + 3 * (n & 3)


@lane
def shifts(n: int, m: int) -> tuple[int, int, int, int, int]:
    places = m & 0x7F
    return n >> places, n >> 70, (n & 0xFFFF) << (m & 31), wrapping_shl(n, m), ~n >> 3


SQUARES = tuple(k * k for k in range(16))


@lane
def words(n: int, m: int) -> tuple[int, int, bool, int, int]:
    high = multiply_high(n, m) ^ multiply_high(m, -5)
    return high, logical_shift_right(n, m), unsigned_less(n, m), leading_zeros(n), lookup(SQUARES, n)


@lane
def narrow_shifts(n: int32, m: int32) -> tuple[int32, int32, int32]:
    return n >> (m & 0x7F), wrapping_shl(n, m), (n & 15) << (m & 15)


@lane
def promotions(n: int, x: float, side: Side) -> float:
    y = (n & 1023) * x + 1 - side
    return min(y, (n & 7)) / 3 + (side if x > 0 else (n & 3)) * 2.5


@lane
def comparisons(a: float, b: float, n: int) -> tuple[bool, bool, bool, bool, bool]:
    chained = -1.0 < a <= b != 2.0
    return chained, a == b, not (a >= b), n > 3 and a < 1.0, n == 3 or a != a or False


@lane
def flags(p: bool, q: bool) -> tuple[bool, bool, bool, bool, int, float]:
    return p == q, p != q, p & q, (p | q) ^ (not p), int(p) + int(q), float(p)


@lane
def members(side: Side, mood: Mood, x: float) -> tuple[float, bool, bool, bool, Mood]:
    calm = mood is Mood.CALM
    known = mood in (Mood.CALM, Mood.WILD)
    other = mood != Mood.LOST and side == Side.LONG and side not in (Side.SHORT,)
    return side * x, calm, known, other, Mood.WILD if x > 0.0 else mood


@lane
def extremes(a: float, b: float, c: float) -> tuple[float, float, float]:
    """The order of arguments decides NaN and signed zero."""
    return min(a, b, c), max((c, b, a)), min(max(a, 0.0), 1.0)


@lane
def rounding(x: float) -> tuple[float, float, float, float, float]:
    return rint(x), floor(x), ceil(x), trunc(x), round(x, 3)


@lane
def to_integers(x: float) -> tuple[int, int, int, int]:
    y = min(max(x, -1e6), 1e6)
    return round(y), int(y), math.floor(y), math.ceil(y)


@lane
def roots(x: float, y: float) -> tuple[float, float, float, bool, bool, bool]:
    return sqrt(x), ieee_div(x, y), math.fabs(x), math.isnan(x), math.isfinite(y), math.isinf(x)


@lane
def bits(x: float, n: int) -> tuple[int, float]:
    return float_bits(x), bits_float(float_bits(x) & ~1) if n > 0 else bits_float(n)


@lane
def branches(x: float, y: float, hot: bool) -> float:
    if hot and x > 0.0:
        z = x
        w = 1.0
    elif y < 0.0:
        z = -y
        w = 2
        if x < y:
            w = 3.0
    else:
        z = 0.0
        w = 4.0
    return z * w + (0.25 if hot else 0.5)


@lane
def early_returns(x: float, y: float) -> float:
    if x != x:
        return -1.0
    scaled = x * 2.0
    if scaled > 1.0:
        if y > 0.0:
            return scaled
        scaled = scaled + y
    elif y == 0.0:
        return y
    for step in (1.0, 2.0, 3.0):
        if scaled < step:
            return step - scaled
        scaled = scaled - step
    return scaled


@lane
def return_everywhere(x: float, n: int) -> float:
    if n > 0:
        if x > 0.0:
            return x
        else:  # noqa: RET505
            return -x
    else:
        return 0.0


@lane
def loops(x: float, y: float) -> float:
    total = 0.0
    for i, weight in enumerate(WEIGHTS):
        total += weight * (x if i % 2 == 0 else y)
    for a, b in zip((x, y), reversed((x, y)), strict=False):
        total = total + a * b
    for i in range(3, 0, -1):
        if i == 2:
            total = total / i
        elif i > LIMIT:
            total = total - LIMIT
    else:
        total = total + len(WEIGHTS)
    return total + sum_of(tuple(v * 2.0 for v in (x, y, 1.0) if v is not None))


def sum_of(values: tuple[float, ...]) -> float:
    """A plain function of a file: traced in place."""
    total = 0.0
    for value in values:
        total = total + value
    return total


@lane
def tuples(x: float, y: float) -> tuple[float, float, tuple[float, float]]:
    ring = (x,) * 3 + (y,)
    ring = (*ring[1:], x + y)
    first, (second, third) = ring[0], ring[1:3]
    a = b = first
    return a - ring[-1], b * second, (third, ring[::2][1])


@lane
def units(bid: Price, ask: Price, fee: Bps) -> Bps:
    floor_ = 0.0
    mid = 0.5 * (bid + ask)
    edge = max(ask - bid, floor_)
    edge = edge if edge > 0.01 else floor_
    sign = 1.0 if bid < ask else -1.0
    moved: Bps = as_unit(10_000.0 * (edge / mid), "bps")
    return sign * moved - fee + sign


@lane
def records(bid: Price, ask: Price, band: Band = Band(low=0.0)) -> Quote:  # noqa: B008
    quote = Quote(bid, ask=ask)
    if quote.bid > quote.ask:
        quote = Quote(quote.ask, quote.bid, open=False)
    capped = min(quote.ask, band.high)
    return Quote(bid=max(quote.bid, as_unit(band.low, "px")), ask=capped, open=quote.open and band.steps > 2)


@lane
def halved(x: float, times: int = 1) -> float:
    for _ in range(times):
        x = x / 2.0
    return x


@lane
def calls(x: float) -> float:
    a = halved(x)
    b = halved(halved(x), times=3)
    rest: float = limited(x)  # type: ignore[no-untyped-call]
    return a + b + rest


def limited(x, most=LIMIT):  # type: ignore[no-untyped-def]  # real code need not be annotated
    return most if x > most else x


@lane
def ema(x: float) -> float:
    level = carry(initial=x)
    level = level + 0.1 * (x - level)
    return level


@lane
def two_averages(x: float, y: float) -> float:
    fast = ema(x)
    slow = ema(y)
    return fast - slow


@lane
def counted(x: Price, side: Side) -> tuple[int, Price, Side, bool]:
    count = carry(initial=0)
    best = carry(initial=0.0)
    last = carry(initial=Side.LONG)
    seen = carry(initial=False)
    ring = carry(initial=(x,) * 3)
    ring = (*ring[1:], x)
    was, before = seen, last
    if x > 0.0:
        count += 1
        best = max(best, x - ring[0])
        last = side
        seen = True
    return count, best, before, was


@lane
def held_by_early_return(x: float, y: float) -> float:
    level = carry(initial=y)
    if x < 0.0:
        return level
    level = level + x
    if x > 5.0:
        level = 0.0
        return -1.0
    return level


@lane
def carried_with_units(x: Price, y: Price) -> tuple[Price, Price, Price]:
    total: Price = carry(initial=0.0)
    least = carry(initial=as_unit(5.0, "px"))
    pair = carry(initial=Quote(0.0, y))
    total = total + x
    least = min(least, x)
    was = pair
    pair = Quote(pair.ask, x, not pair.open)
    return total, least, was.bid if was.open else was.ask


@lane
def keywords(a: float, /, b: float, *, c: float = 2.0) -> float:
    return (a - b) / c


@lane
def called_with_keywords(x: float, y: float) -> float:
    return keywords(x, b=y) + keywords(y, c=x, b=1) + keywords(2, 1)


@lane
def passed_through(x: float, n: int) -> tuple[float, float, int, bool]:
    return x, 1, n, True


@lane
def numbers_of_members(side: Side, n: int) -> tuple[int, float, int, bool, int]:
    weight = 3 if n > 0 else side
    return abs(side), float(side), weight - Side.SHORT, side < n, -Side.LONG + int(side)


@lane
def short_circuits(x: float, y: float) -> tuple[bool, bool]:
    return OFF and x > y, x > y and not (y > x or x == y)


@lane
def constants(x: float) -> float:
    one = 1.0
    third = one / 3.0
    infinite = math.inf if third > 0.5 else float("inf")
    return min(x * third, infinite) + math.pi * -0.0 + round(2.5) + abs(-3) + int(2.9)


@lane
def of_many(x: float, y: float, n: int, h: float32, flag: bool) -> tuple[bool, bool, bool, int, int, float, int]:
    pair, counts = (x, y), (n % 7, 2, flag)
    return (
        any(v > 1.0 for v in pair), all(v == v for v in pair) and not any(()), any((flag, h > float32(1.0))),
        sum(counts), sum((v > 0.5 for v in (h, -h)), 3), max(*pair, 0.0), sum(()) + sum((n % 5, 1)),
    )  # fmt: skip


LANES: list[AnyLane] = [
    arithmetic, powers, integers, shifts, words, narrow_shifts, promotions, comparisons, flags, members, extremes, rounding, to_integers, roots, bits,
    branches, early_returns, return_everywhere, loops, tuples, units, records, calls, ema, two_averages, counted,
    held_by_early_return, carried_with_units, called_with_keywords, passed_through, numbers_of_members, short_circuits,
    constants, of_many,
]  # fmt: skip


@pytest.mark.parametrize("traced", LANES, ids=lambda each: each.name)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_graph_gives_the_bits_of_python(traced: AnyLane, data: st.DataObject) -> None:
    assert_like_python(traced, {"side": Side, "mood": Mood}, data)
