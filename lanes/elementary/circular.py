"""Sine and cosine of an angle in radians."""

from __future__ import annotations

from fractions import Fraction
from math import factorial
from typing import Annotated

from dag import domain, lane, rint
from lanes.elementary.constants import PI, parts
from lanes.elementary.double_double import DoubleDouble, add, multiply, nearest, polynomial, two_sum

#: The end of the domain: there pi/2 in five parts still leaves 70 good bits of the worst remainder.
FARTHEST = 1e8
TWO_OVER_PI = float(2 / PI)
#: Whole multiples of the first four, up to 2^27 of them, are exact.
HALF_PI_1, HALF_PI_2, HALF_PI_3, HALF_PI_4, HALF_PI_5 = parts(PI / 2, 26, 5)
#: sin(r)/r and cos(r) in powers of r^2, |r| <= pi/4; the trailing terms are below 2^-50, those left out below 2^-110.
SINE = tuple(nearest(Fraction((-1) ** i, factorial(2 * i + 1))) for i in range(8))
SINE_TAIL = tuple((-1) ** i / factorial(2 * i + 1) for i in range(8, 15))
COSINE = tuple(nearest(Fraction((-1) ** i, factorial(2 * i))) for i in range(9))
COSINE_TAIL = tuple((-1) ** i / factorial(2 * i) for i in range(9, 16))
#: Where |x| is less, x - x^3/6 rounds to x and 1 - x^2/2 to 1.
SMALL = 2.0**-28

Angle = Annotated[float, domain(-FARTHEST, FARTHEST)]


def quarter_turns(x: float) -> tuple[int, DoubleDouble]:
    """(k, r) with x = k pi/2 + r and |r| just above pi/4 at most; relative error of r below 2^-68."""
    k = rint(x * TWO_OVER_PI)
    nearly, error = two_sum(x - k * HALF_PI_1, -(k * HALF_PI_2))
    nearly, less = two_sum(nearly, -(k * HALF_PI_3))
    r = add((nearly, error + less), (-(k * HALF_PI_4), -(k * HALF_PI_5)))
    return int(k), r


def sine_series(r: DoubleDouble) -> DoubleDouble:
    """sin r for |r| < 0.8."""
    return multiply(r, polynomial(multiply(r, r), SINE, SINE_TAIL, 1.0))


def cosine_series(r: DoubleDouble) -> DoubleDouble:
    """cos r for |r| < 0.8."""
    return polynomial(multiply(r, r), COSINE, COSINE_TAIL, 1.0)


def chosen(quarter: int, r: DoubleDouble) -> float:
    """sin(quarter pi/2 + r)."""
    sine, cosine = sine_series(r), cosine_series(r)
    size = sine[0] + sine[1] if quarter & 1 == 0 else cosine[0] + cosine[1]
    return size if quarter & 2 == 0 else -size


@lane(taps=False)
def sin(x: Angle) -> float:
    """The sine of x radians.

    Units    plain numbers
    Domain   [-1e8, 1e8]: rows outside are rejected where x is an input; elsewhere x is taken at the end of the domain
    Method   x = k pi/2 + r, pi/2 in five parts; the power series of sine or cosine in double-double
    Error    below 0.5 ulp + 2^-14 ulp
    Edges    ±0 is ±0; NaN stays NaN
    """
    if x != x or abs(x) < SMALL:
        return x
    k, r = quarter_turns(min(max(x, -FARTHEST), FARTHEST))
    return chosen(k, r)


@lane(taps=False)
def cos(x: Angle) -> float:
    """The cosine of x radians. Everything as for `sin`; cos ±0 is 1."""
    if x != x:
        return x
    k, r = quarter_turns(min(max(x if abs(x) >= SMALL else 0.0, -FARTHEST), FARTHEST))
    return chosen(k + 1, r)
