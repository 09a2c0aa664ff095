"""ln x: the series in double-double, shared by every function with a logarithm in it."""

from __future__ import annotations

from fractions import Fraction
from math import inf, nan

from dag import lane
from lanes.elementary.double_double import (
    DoubleDouble,
    add,
    divide,
    fast_two_sum,
    multiply,
    nearest,
    polynomial,
    two_sum,
)
from lanes.elementary.exponential import LN2_1, LN2_2, LN2_3, TINY
from lanes.elementary.scaling import taken_apart, two_to

#: ln m = 2 artanh(s) = s sum 2/(2i+1) s^2i; s^2 <= 0.0295: the trailing terms are below 2^-50, those left out below 2^-108.
SERIES = tuple(nearest(Fraction(2, 2 * i + 1)) for i in range(10))
SERIES_TAIL = tuple(2.0 / (2 * i + 1) for i in range(10, 21))

#: s^2 is below this.
SQUARES = 2.0**-5


def of_parts(m: DoubleDouble, e: int) -> DoubleDouble:
    """ln(m 2^e) for m in [sqrt(1/2), sqrt(2)]; relative error below 2^-98."""
    s = divide(add(m, (-1.0, 0.0)), add(m, (1.0, 0.0)))
    power = float(e)
    whole = fast_two_sum(power * LN2_1, power * LN2_2)
    fraction = multiply(s, polynomial(multiply(s, s), SERIES, SERIES_TAIL, SQUARES))
    return add((whole[0], whole[1] + power * LN2_3), fraction)


def logarithm(x: float) -> DoubleDouble:
    """ln x in double-double, for positive finite x."""
    m, e = taken_apart(x)
    return of_parts((m, 0.0), e)


@lane(taps=False)
def log(x: float) -> float:
    """The natural logarithm of x.

    Units    plain numbers
    Method   x = m 2^e; ln m = 2 artanh((m - 1)/(m + 1)) by its power series in double-double; plus e ln 2 in three parts
    Error    below 0.5 ulp + 2^-44 ulp: correctly rounded but for one input in 10^13 or so
    Edges    C99 F.9.3.7: ln 1 is +0, ln ±0 is -inf, ln inf is inf; NaN below zero
    """
    if x != x or x < 0.0:
        return nan
    if x == 0.0:
        return -inf
    if x == inf:
        return x
    high, low = logarithm(x)
    return high + low


@lane(taps=False)
def log1p(x: float) -> float:
    """The natural logarithm of 1 + x, without the loss near 0.

    Units    plain numbers
    Method   as `log`, of 1 + x held exactly as a double-double
    Error    below 0.5 ulp + 2^-44 ulp
    Edges    C99 F.9.3.9: ±0 is ±0, -1 is -inf, inf is inf; NaN below -1
    """
    if x != x or x < -1.0:
        return nan
    if x == -1.0:
        return -inf
    if x == inf or abs(x) < TINY:
        return x
    total, error = two_sum(1.0, x)
    m, e = taken_apart(total)
    # Beyond 2^200 the error, at most 1, is nothing; the limit keeps its scale a normal number.
    high, low = of_parts((m, error * two_to(-min(e, 200))), e)
    return high + low
