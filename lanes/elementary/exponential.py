"""e^x: the argument's reduction and series in double-double, shared by every function with an exponential in it."""

from __future__ import annotations

from fractions import Fraction
from math import factorial, inf

from dag import lane, rint
from lanes.elementary.constants import LN2, parts
from lanes.elementary.double_double import DoubleDouble, add, fast_two_sum, multiply, nearest, polynomial, two_sum
from lanes.elementary.scaling import scaled, two_to

LOG2_E = float(1 / LN2)
#: Whole multiples of the first two, up to 2^13 of them, are exact.
LN2_1, LN2_2, LN2_3 = parts(LN2, 40, 3)
#: (e^r - 1) / r = sum r^i / (i + 1)!; for |r| <= 0.35 the trailing terms are below 2^-50, those left out below 2^-108.
SERIES = tuple(nearest(Fraction(1, factorial(i + 1))) for i in range(12))
SERIES_TAIL = tuple(1 / factorial(i + 1) for i in range(12, 23))

#: e^x is infinite above: 2^1024 - 2^970 is the end of binary64 with rounding.
LARGEST = 709.782712893384
#: e^x is below 2^-1075 below.
SMALLEST = -745.1332191019412
#: 2^-k stays beyond the last place of a double-double when it is taken as 2^-120.
FARTHEST_POWER = 120
#: Where |x| is less, 1 + x rounds to 1 and x + x^2/2 to x.
TINY = 2.0**-55


def reduced(x: DoubleDouble) -> tuple[int, DoubleDouble]:
    """(k, q) with e^x = 2^k (1 + q), |q| < 0.42, for |x| < 1100.

    q has a relative error below 2^-98 where k = 0, and 1 + q one below 2^-100 everywhere.
    """
    k = rint(x[0] * LOG2_E)
    nearly, error = two_sum(x[0] - k * LN2_1, -(k * LN2_2))
    r = fast_two_sum(nearly, error + (x[1] - k * LN2_3))
    return int(k), multiply(r, polynomial(r, SERIES, SERIES_TAIL, 0.5))


def less_one(x: DoubleDouble) -> tuple[int, DoubleDouble]:
    """(k, v) with e^x - 1 = 2^k v, for -45 <= x < 1100; nothing cancels."""
    k, q = reduced(x)
    return k, add(two_sum(1.0, -two_to(-min(k, FARTHEST_POWER))), q)


@lane(taps=False)
def exp(x: float) -> float:
    """e to the power x.

    Units    plain numbers
    Method   x = k ln 2 + r, ln 2 in three parts; e^r by its Taylor series in double-double; times 2^k, rounded once
    Error    below 0.5 ulp + 2^-40 ulp, subnormal results included: correctly rounded but for one input in 10^12 or so
    Edges    C99 F.9.3.1: e^±0 is 1, e^-inf is +0, e^inf is inf
    """
    if x != x:
        return x
    if x > LARGEST:
        return inf
    if x < SMALLEST:
        return 0.0
    k, q = reduced((x if abs(x) >= TINY else 0.0, 0.0))
    return scaled(add((1.0, 0.0), q), k)


@lane(taps=False)
def expm1(x: float) -> float:
    """e to the power x, less 1, without the loss near 0.

    Units    plain numbers
    Method   as `exp`; 2^k (1 + q) - 1 = 2^k ((1 - 2^-k) + q)
    Error    below 0.5 ulp + 2^-40 ulp
    Edges    C99 F.9.3.3: ±0 is ±0, -inf is -1, inf is inf
    """
    if x != x or abs(x) < TINY:
        return x
    if x > LARGEST:
        return inf
    if x < -45.0:
        return -1.0
    k, value = less_one((x, 0.0))
    return (value[0] + value[1]) * two_to(k >> 1) * two_to(k - (k >> 1))
