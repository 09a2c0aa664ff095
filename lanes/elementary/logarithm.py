"""ln x: the series in double-double, shared by every function with a logarithm in it."""

from __future__ import annotations

from fractions import Fraction
from math import inf, nan

from dag import float_bits, lane
from lanes.elementary.constants import LN2
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
from lanes.elementary.exponential_fixed import INFINITY
from lanes.elementary.fixed_tables import whole_units
from lanes.elementary.logarithm_fixed import logarithm as logarithm_in_words
from lanes.elementary.logarithm_fixed import logarithms, rounded
from lanes.elementary.scaling import taken_apart, two_to
from lanes.elementary.words import MAGNITUDE, two_words

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


NATURAL, BINARY = logarithms(Fraction(1)), logarithms(1 / LN2)
#: log2(e) in units of 2^-126.
LOG2_E_WORDS = two_words(whole_units(1 / LN2, 126))


@lane(taps=False)
def log(x: float) -> float:
    """The natural logarithm of x, correctly rounded.

    Units    plain numbers
    Method   two reciprocals from tables bring x to 1 + z, |z| <= 2^-14, without rounding; ln(1 + z) by its power series; all in
             fixed point of 128 and 192 bits, rounded once
    Error    correctly rounded: proved, by the bound on the algorithm's own error (2^-116.6) and the published distance of ln x from a
             midpoint of two floats (2^-115.0)
    Edges    C99 F.9.3.7: ln 1 is +0, ln ±0 is -inf, ln inf is inf; NaN below zero
    """
    bits = float_bits(x)
    return of_logarithm(x, bits, rounded(logarithm_in_words(bits, NATURAL, None)))


@lane(taps=False)
def log2(x: float) -> float:
    """The logarithm of x to base 2, correctly rounded.

    Units    plain numbers
    Method   as `log`, by tables for base 2
    Error    correctly rounded: proved, by the bound on the algorithm's own error (2^-116.6) and the published distance of log2 x from
             a midpoint of two floats (2^-108.7); exact where x is a power of 2
    Edges    C99 F.9.3.10: as `log`
    """
    bits = float_bits(x)
    return of_logarithm(x, bits, rounded(logarithm_in_words(bits, BINARY, LOG2_E_WORDS)))


def of_logarithm(x: float, bits: int, finite: float) -> float:
    """`finite`, the logarithm of a positive finite x of the pattern `bits`; what it is of any other x."""
    if x == inf:
        return inf
    if bits & MAGNITUDE == 0:
        return -inf
    return finite if 0 < bits < INFINITY else nan


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
