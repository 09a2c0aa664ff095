"""How facts pass through the float ops, binary64 and binary32 alike.

Rounding to nearest is monotone, so an op that is monotone in each operand takes its extremes at corners of the operands'
intervals, and evaluating the corners with the op's own meaning gives the rounded bounds exactly: no outward rounding is
needed. A corner that is NaN (inf - inf, 0 * inf, 0 / 0, inf / inf) bounds nothing; whether the op can meet such a pair is
said by `nan`. Each function takes the op's meaning and the smallest number of the format it rounds to.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from compile.analysis.facts import NO_NUMBER, Codes, Fact, Floats, floats, integers, join
from dag.operators.meanings import saturating_i64
from dag.values.domain import F64_MAX
from dag.values.words import CANONICAL_NAN, CANONICAL_NAN_32, bits_float, bits_float_32, float_bits, float_bits_32

Meaning = Callable[..., float]


def _hull(values: Iterable[float]) -> tuple[float, float]:
    numbers = [value for value in values if value == value]
    return (min(numbers), max(numbers)) if numbers else (math.inf, -math.inf)


def _corners(meaning: Meaning, a: Floats, b: Floats) -> tuple[float, float]:
    if not (a.has_numbers and b.has_numbers):
        return math.inf, -math.inf
    return _hull(meaning(x, y) for x in (a.lo, a.hi) for y in (b.lo, b.hi))


def _plus(x: Floats) -> bool:
    return x.positive or x.plus_zero


def _minus(x: Floats) -> bool:
    return x.negative or x.minus_zero


def negated(x: Floats) -> Floats:
    """-x."""
    return Floats(-x.hi, -x.lo, x.nan, x.minus_zero, x.plus_zero, x.least) if x.has_numbers else x


def absolute(x: Floats) -> Floats:
    """abs(x)."""
    if not x.has_numbers:
        return x
    lo = 0.0 if x.lo <= 0.0 <= x.hi else min(abs(x.lo), abs(x.hi))
    return floats(lo, x.greatest, x.nan, x.zero, False, x.least)


def add(meaning: Meaning, smallest: float, a: Floats, b: Floats) -> Floats:
    """a + b. A sum is zero only where its terms cancel exactly: gradual underflow keeps every other difference."""
    lo, hi = _corners(meaning, a, b)
    low, high = max(a.lo, -b.hi), min(a.hi, -b.lo)
    cancels = low <= high and not low == 0.0 == high
    nan = a.nan or b.nan or (a.hi == math.inf and b.lo == -math.inf) or (a.lo == -math.inf and b.hi == math.inf)
    plus_zero = cancels or (a.plus_zero and b.zero) or (a.zero and b.plus_zero)
    return floats(lo, hi, nan, plus_zero, a.minus_zero and b.minus_zero, smallest)


def subtract(meaning: Meaning, smallest: float, a: Floats, b: Floats) -> Floats:
    """a - b, which is a + -b."""
    return add(lambda x, y: meaning(x, -y), smallest, a, negated(b))


def multiply(meaning: Meaning, smallest: float, a: Floats, b: Floats) -> Floats:
    """a * b: zero where a factor is, or where the product of the least magnitudes underflows."""
    lo, hi = _corners(meaning, a, b)
    if not (a.has_numbers and b.has_numbers):
        return floats(lo, hi, a.nan or b.nan)
    least = meaning(a.least, b.least)
    vanishes = least == 0.0
    nan = a.nan or b.nan or (a.zero and b.infinite) or (a.infinite and b.zero)
    same = (a.positive and b.positive) or (a.negative and b.negative)
    opposite = (a.positive and b.negative) or (a.negative and b.positive)
    plus_zero = (
        (a.plus_zero and _plus(b)) or (a.minus_zero and _minus(b)) or (b.plus_zero and _plus(a))
        or (b.minus_zero and _minus(a)) or (vanishes and same)
    )  # fmt: skip
    minus_zero = (
        (a.plus_zero and _minus(b)) or (a.minus_zero and _plus(b)) or (b.plus_zero and _minus(a))
        or (b.minus_zero and _plus(a)) or (vanishes and opposite)
    )  # fmt: skip
    if plus_zero or minus_zero:  # 0 * inf bounds nothing, so that a corner may not show the zero
        lo, hi = min(lo, 0.0), max(hi, 0.0)
    return floats(lo, hi, nan, plus_zero, minus_zero, smallest if vanishes or least != least else least)


def square(meaning: Meaning, smallest: float, x: Floats) -> Floats:
    """x * x of one node: never negative, never -0.0."""
    size = absolute(x)
    found = multiply(meaning, smallest, size, size)
    return floats(found.lo, found.hi, x.nan, found.plus_zero, False, found.least)


def divide(meaning: Meaning, smallest: float, a: Floats, b: Floats) -> Floats:
    """a / b, part by part: a divisor below zero, above zero, and the zeros, where the quotient is infinite or NaN."""
    found = Floats(math.inf, -math.inf, a.nan or b.nan, False, False, math.inf)
    if not a.has_numbers or not b.has_numbers:
        return found
    if b.positive:
        found = _united(found, _divide_by_positive(meaning, smallest, a, max(b.lo, b.least), b.hi))
    if b.negative:
        found = _united(found, negated(_divide_by_positive(meaning, smallest, a, max(-b.hi, b.least), -b.lo)))
    if b.zero:
        up = (b.plus_zero and a.positive) or (b.minus_zero and a.negative)
        down = (b.plus_zero and a.negative) or (b.minus_zero and a.positive)
        lo, hi = (-math.inf if down else math.inf), (math.inf if up else -math.inf)
        found = _united(found, floats(min(lo, hi), max(lo, hi), a.zero, False, False) if up or down else NO_NUMBER)
        found = floats(found.lo, found.hi, found.nan or a.zero, found.plus_zero, found.minus_zero, found.least)
    return found


def _divide_by_positive(meaning: Meaning, smallest: float, a: Floats, low: float, high: float) -> Floats:
    lo, hi = _hull(meaning(x, y) for x in (a.lo, a.hi) for y in (low, high))
    least = meaning(a.least, min(high, F64_MAX))
    vanishes = least == 0.0
    to_zero = vanishes or high == math.inf
    has_finite_plus = a.positive and a.least != math.inf
    has_finite_minus = a.negative and a.least != math.inf
    plus_zero = a.plus_zero or (to_zero and has_finite_plus)
    minus_zero = a.minus_zero or (to_zero and has_finite_minus)
    if plus_zero or minus_zero:
        lo, hi = min(lo, 0.0), max(hi, 0.0)
    nan = a.nan or (a.infinite and high == math.inf)
    return floats(lo, hi, nan, plus_zero, minus_zero, smallest if vanishes or least != least else least)


def _united(a: Floats, b: Floats) -> Floats:
    both = join(a, b)
    assert isinstance(both, Floats)
    return Floats(both.lo, both.hi, a.nan or b.nan, both.plus_zero, both.minus_zero, both.least)


def square_root(meaning: Meaning, smallest: float, x: Floats) -> Floats:
    """sqrt(x): NaN below zero, -0.0 for -0.0; roots of positive numbers never underflow."""
    nan = x.nan or x.negative
    if x.hi < 0.0:
        return floats(math.inf, -math.inf, nan)
    lo, hi = meaning(max(x.lo, 0.0)), meaning(max(x.hi, 0.0))
    return floats(lo, hi, nan, x.plus_zero, x.minus_zero, max(meaning(x.least), smallest))


def fused(meaning: Meaning, smallest: float, a: Floats, b: Floats, c: Floats) -> Floats:
    """a * b + c rounded once. The exact sum may underflow or cancel: any zero between the bounds is possible."""
    nan = a.nan or b.nan or c.nan or (a.zero and b.infinite) or (a.infinite and b.zero)
    if not (a.has_numbers and b.has_numbers and c.has_numbers):
        return floats(math.inf, -math.inf, nan)
    nan = nan or ((a.infinite or b.infinite) and c.infinite)
    product = multiply(lambda x, y: x * y, smallest, a, b)
    lo, hi = _hull(meaning(x, y, z) for x in (a.lo, a.hi) for y in (b.lo, b.hi) for z in (c.lo, c.hi))
    if product.zero:  # a corner 0 * inf hides the product 0
        lo, hi = min(lo, c.lo), max(hi, c.hi)
    return floats(lo, hi, nan, least=smallest)


def least_of(a: Floats, b: Floats) -> Floats:
    """Python's min(a, b), `b if b < a else a`: a NaN in front stays, one behind is passed over."""
    lo = min(a.lo, b.lo) if a.has_numbers else math.inf
    hi = min(a.hi, b.hi) if b.has_numbers and not b.nan else a.hi
    first, second = b.nan or b.hi >= 0.0, a.positive
    plus_zero = (a.plus_zero and first) or (b.plus_zero and second)
    minus_zero = (a.minus_zero and first) or (b.minus_zero and second)
    return floats(lo, hi, a.nan, plus_zero, minus_zero, min(a.least, b.least))


def greatest_of(a: Floats, b: Floats) -> Floats:
    """Python's max(a, b), `b if b > a else a`."""
    return negated(least_of(negated(a), negated(b)))


def integral(meaning: Meaning, x: Floats) -> Floats:
    """rint, floor, ceil, trunc: monotone, the sign of a zero kept."""
    if not x.has_numbers:
        return x
    plus_zero = x.plus_zero or (x.positive and meaning(max(x.lo, x.least)) == 0.0)
    minus_zero = x.minus_zero or (x.negative and meaning(min(x.hi, -x.least)) == 0.0)
    return floats(meaning(x.lo), meaning(x.hi), x.nan, plus_zero, minus_zero, 1.0)


def rounded(meaning: Meaning, smallest: float, x: Floats) -> Floats:
    """A monotone step that may turn small numbers into zeros of their sign: flush, f64 to f32."""
    if not x.has_numbers:
        return x
    low = meaning(x.least)
    vanishes = low == 0.0
    plus_zero = x.plus_zero or (vanishes and x.positive)
    minus_zero = x.minus_zero or (vanishes and x.negative)
    least = smallest if vanishes else low
    return floats(meaning(x.lo), meaning(x.hi), x.nan, plus_zero, minus_zero, least)


def to_integer(x: Floats) -> Fact:
    """int(x) as the op means it: saturated, 0 for NaN."""
    found: Fact = integers(0, 0) if x.nan else integers(1, 0)
    return join(found, integers(saturating_i64(x.lo), saturating_i64(x.hi))) if x.has_numbers else found


def bits_of(x: Floats, single: bool) -> Fact:
    """The pattern of x as a signed integer: it grows with x among numbers without a sign bit, and falls with it."""
    pattern, not_a_number = (float_bits_32, CANONICAL_NAN_32) if single else (float_bits, CANONICAL_NAN)
    found: Fact = integers(not_a_number, not_a_number) if x.nan else integers(1, 0)
    if _plus(x):
        nearest = 0.0 if x.plus_zero else max(x.lo, x.least)
        found = join(found, integers(pattern(nearest), pattern(x.hi if x.positive else 0.0)))
    if _minus(x):
        nearest = -0.0 if x.minus_zero else min(x.hi, -x.least)
        found = join(found, integers(pattern(nearest), pattern(x.lo if x.negative else -0.0)))
    return found


def of_bits(lo: int, hi: int, single: bool) -> Floats:
    """The floats whose patterns lie in [lo, hi]."""
    value, infinity = (bits_float_32, 0x7F80_0000) if single else (bits_float, 0x7FF0_0000_0000_0000)
    smallest = 2.0**-149 if single else 2.0**-1074
    if lo >= 0 and hi <= infinity:
        return floats(value(lo), value(hi), False, lo == 0, False, smallest)
    return floats(-math.inf, math.inf, True, least=smallest)


def compare_less(a: Floats, b: Floats) -> Codes:
    """a < b; false when either is NaN."""
    return _codes(a.lo < b.hi, not a.hi < b.lo, a, b)


def compare_less_equal(a: Floats, b: Floats) -> Codes:
    """a <= b; false when either is NaN."""
    return _codes(a.lo <= b.hi, not a.hi <= b.lo, a, b)


def compare_equal(a: Floats, b: Floats) -> Codes:
    """a == b; -0.0 equals 0.0, NaN equals nothing."""
    low, high = max(a.lo, b.lo), min(a.hi, b.hi)
    may = low < high or (low == high and (low != 0.0 or (a.zero and b.zero)))
    return _codes(may, not (a.lo == a.hi == b.lo == b.hi), a, b)


def _codes(may_hold: bool, may_fail: bool, a: Floats, b: Floats) -> Codes:
    numbers = a.has_numbers and b.has_numbers
    values = {0} if a.nan or b.nan or (numbers and may_fail) else set[int]()
    return Codes(frozenset(values | ({1} if numbers and may_hold else set[int]())))
