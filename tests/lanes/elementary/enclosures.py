"""Real numbers between two fractions: what bounds are proved with. Sums of series with what is left out, and nothing of the code under test."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

#: Ends are whole multiples of 2^-BITS, moved outwards.
BITS = 420
ONE = 1 << BITS


@dataclass(frozen=True)
class Enclosure:
    """Some number from `low` to `high`, in units of 2^-420."""

    low: int
    high: int

    def distance(self, x: Fraction) -> Fraction:
        """The farthest that the number can be from x."""
        return max(abs(Fraction(self.low, ONE) - x), abs(Fraction(self.high, ONE) - x))

    def times(self, factor: Fraction) -> Enclosure:
        """The number times a fraction."""
        ends = [Fraction(self.low) * factor, Fraction(self.high) * factor]
        return Enclosure(_floor(min(ends)), -_floor(-max(ends)))


def _floor(x: Fraction) -> int:
    return x.numerator // x.denominator


@cache
def logarithm(x: Fraction) -> Enclosure:
    """ln x for 1/4 < x < 4: twice artanh s, s = (x - 1) / (x + 1), |s| < 0.6; what is left out is less than three times its first term."""
    s = (x - 1) / (x + 1)
    if s < 0:
        of_inverse = logarithm(1 / x)
        return Enclosure(-of_inverse.high, -of_inverse.low)
    point = _floor(s * ONE)
    low, high, k = 0, 0, 0
    below, above = point, point + 1
    while above > 1:
        low += below // (2 * k + 1)
        high += above // (2 * k + 1) + 1
        below, above = below * point * point >> 2 * BITS, (above * (point + 1) * (point + 1) >> 2 * BITS) + 1
        k += 1
        if k > 2 * BITS:
            break
    return Enclosure(2 * low, 2 * (high + 3 * above))


@cache
def exponential(x: Enclosure) -> Enclosure:
    """e^x for 0 <= x < 1; what is left out is less than twice its first term."""
    return Enclosure(_series(x.low, up=0), _series(x.high, up=1))


def _series(point: int, up: int) -> int:
    term, total, k = ONE, 0, 0
    while term > 2 * up:
        total += term
        k += 1
        term = (term * point >> BITS) // k + up
    return total + up * (2 * term + 4)


def power_of_two(x: Fraction) -> Enclosure:
    """2^x for 0 <= x < 1."""
    return exponential(logarithm(Fraction(2)).times(x))
