"""ln 2, pi and what follows from them, computed with integers when the module is loaded: no digits to copy wrongly."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

#: Fixed point: a constant is a whole multiple of 2^-BITS, good to within a few units of the last place.
BITS = 320
ONE = 1 << BITS


def _inverse_tangent(n: int) -> int:
    """arctan(1/n) * 2^BITS by its power series."""
    power, total, k = ONE // n, 0, 1
    while power:
        total += power // k if k % 4 == 1 else -(power // k)
        power //= n * n
        k += 2
    return total


def _inverse_hyperbolic_tangent(n: int) -> int:
    """artanh(1/n) * 2^BITS by its power series."""
    power, total, k = ONE // n, 0, 1
    while power:
        total += power // k
        power //= n * n
        k += 2
    return total


def _square_root(x: Fraction) -> Fraction:
    return Fraction(isqrt(int(x * ONE * ONE)), ONE)


def leading_bits(x: Fraction, bits: int) -> Fraction:
    """x rounded to `bits` significant bits."""
    unit = Fraction(2) ** (_exponent(x) - bits)
    return round(x / unit) * unit


def _exponent(x: Fraction) -> int:
    """The e with 2^(e-1) <= |x| < 2^e, or one more."""
    return x.numerator.bit_length() - x.denominator.bit_length() + 1


def parts(x: Fraction, bits: int, count: int) -> tuple[float, ...]:
    """x as a sum of `count` floats: whole multiples of all but the last, up to 2^(53-bits) of them, are exact."""
    result: list[float] = []
    for _ in range(count - 1):
        part = leading_bits(x, bits)
        result.append(float(part))
        x -= part
    return (*result, float(x))


#: ln 2 = 2 artanh(1/3).
LN2 = Fraction(2 * _inverse_hyperbolic_tangent(3), ONE)
#: Machin: pi / 4 = 4 arctan(1/5) - arctan(1/239).
PI = Fraction(4 * (4 * _inverse_tangent(5) - _inverse_tangent(239)), ONE)
SQRT_2 = _square_root(Fraction(2))
INVERSE_SQRT_2_PI = 1 / _square_root(2 * PI)
