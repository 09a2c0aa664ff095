"""Numbers of twice the precision: the unevaluated sum of a binary64 and a much smaller one, from + - * / alone.

Sources  two_sum: Knuth, The Art of Computer Programming 2, 4.2.2. fast_two_sum, split, two_prod: Dekker, A floating-point
         technique for extending the available precision, 1971. No fused multiply-add is used anywhere.
Limits   the error terms are exact while nothing overflows or becomes subnormal: magnitudes, where not zero, within
         [2^-450, 2^450] are always safe. Callers keep to it and scale by powers of two at the very end.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

#: (high, low): the value is high + low, and high is that sum rounded to nearest.
DoubleDouble: TypeAlias = tuple[float, float]

#: 2^27 + 1 splits 53 bits into 26 and 26.
SPLITTER = 134217729.0
HIGH_GRID, LOW_GRID = 2.0**63, 2.0**116


def nearest(value: Fraction) -> DoubleDouble:
    """The double-double next to an exact number; for constants, when a module is loaded."""
    high = float(value)
    return high, float(value - Fraction(high))


def two_sum(a: float, b: float) -> DoubleDouble:
    """a + b exactly."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def fast_two_sum(a: float, b: float) -> DoubleDouble:
    """a + b exactly, where |a| >= |b| or a is zero."""
    total = a + b
    return total, b - (total - a)


def split(a: float) -> tuple[float, float]:
    """a as the sum of two numbers of at most 26 bits each."""
    c = SPLITTER * a
    high = c - (c - a)
    return high, a - high


def two_prod(a: float, b: float) -> DoubleDouble:
    """a * b exactly."""
    product = a * b
    a_high, a_low = split(a)
    b_high, b_low = split(b)
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def add(a: DoubleDouble, b: DoubleDouble) -> DoubleDouble:
    """a + b; error below 2^-104 (|a| + |b|), so small beside the result only where the two do not cancel."""
    total, error = two_sum(a[0], b[0])
    return fast_two_sum(total, error + (a[1] + b[1]))


def negative(a: DoubleDouble) -> DoubleDouble:
    """-a, exactly."""
    return -a[0], -a[1]


def times(a: DoubleDouble, b: float) -> DoubleDouble:
    """a * b; relative error below 2^-103."""
    product, error = two_prod(a[0], b)
    return fast_two_sum(product, error + a[1] * b)


def multiply(a: DoubleDouble, b: DoubleDouble) -> DoubleDouble:
    """a * b; relative error below 2^-102."""
    product, error = two_prod(a[0], b[0])
    return fast_two_sum(product, error + (a[0] * b[1] + a[1] * b[0]))


def divide(a: DoubleDouble, b: DoubleDouble) -> DoubleDouble:
    """a / b; relative error below 2^-101. The remainder of the first quotient is exact and divided once more."""
    quotient = a[0] / b[0]
    product, error = two_prod(quotient, b[0])
    remainder = (((a[0] - product) - error) + a[1]) - quotient * b[1]
    return fast_two_sum(quotient, remainder / b[0])


def polynomial(
    x: DoubleDouble, leading: tuple[DoubleDouble, ...], trailing: tuple[float, ...], size: float
) -> DoubleDouble:
    """leading[0] + leading[1] x + ... + x^n (trailing[0] + trailing[1] x + ...), n = len(leading), by Horner's rule.

    The trailing terms are computed in binary64; they must be so small that 2^-53 of them does not matter. |x| < size,
    a power of two up to 1, is taken to the nearest multiple of 2^-116, which no sum with a leading term of 2^-10 or more can tell from it.
    """
    point = on_grid(x, size)
    tail = trailing[-1]
    for coefficient in trailing[-2::-1]:
        tail = tail * point[0] + coefficient
    value = add(leading[-1], times(point, tail))
    for coefficients in leading[-2::-1]:
        value = add(coefficients, multiply(value, point))
    return value


def on_grid(x: DoubleDouble, size: float) -> DoubleDouble:
    """x, |x| < size, as a multiple of size 2^-63 and one of 2^-116, by way of integers.

    That way the compiler sees that they are no larger, and no closer to 0, than that, and proves that nothing made of them
    is subnormal.
    """
    high = float(int(x[0] * (HIGH_GRID / size))) * (size / HIGH_GRID)
    low = float(int(((x[0] - high) + x[1]) * LOW_GRID)) * (1.0 / LOW_GRID)
    return high, low
