"""The normal distribution: its integral, the error function, and the inverse of the integral."""

from __future__ import annotations

from fractions import Fraction
from math import factorial, inf, nan

from dag import lane, sqrt
from lanes.elementary.constants import INVERSE_SQRT_2_PI, SQRT_2
from lanes.elementary.double_double import (
    DoubleDouble,
    add,
    divide,
    multiply,
    nearest,
    negative,
    polynomial,
    times,
)
from lanes.elementary.exponential import reduced
from lanes.elementary.logarithm import logarithm
from lanes.elementary.normal_tables import CENTRAL, MIDDLE, QUANTILE, UPPER, UPPER_TAIL
from lanes.elementary.scaling import rounded, taken_apart, two_to

#: P(0 < Z < z) / z in powers of z^2, |z| <= 1: the trailing terms are below 2^-40, those left out below 2^-90.
SERIES = tuple(nearest(INVERSE_SQRT_2_PI * Fraction((-1) ** i, 2**i * factorial(i) * (2 * i + 1))) for i in range(11))
SERIES_TAIL = tuple(
    float(INVERSE_SQRT_2_PI * Fraction((-1) ** i, 2**i * factorial(i) * (2 * i + 1))) for i in range(11, 21)
)
ROOT_2 = nearest(SQRT_2)
ROOT_2_PI = float(1 / INVERSE_SQRT_2_PI)
#: erf(x) / x at 0: 2 / sqrt(pi).
ERF_SLOPE = nearest(2 * SQRT_2 * INVERSE_SQRT_2_PI)
#: Where |x| is less, erf(x) is ERF_SLOPE x to 2^-110.
SMALL = 2.0**-56
#: |z| below which the series is used, and the |x| with x sqrt(2) just below it.
NEAR, ERF_NEAR = 1.0, 0.7071
#: A tail probability below two to this does not touch 1, not even as a double-double.
FARTHEST_POWER = -200
#: Only rows that another branch answers have exponents so far apart.
FARTHEST_STEP = 60
#: Coefficients of the inverse function's series: (6z^3 + 7z) h^4 / 4! and (2z^2 + 1) h^3 / 3!.
SIX, SEVEN, FACTORIAL_4 = 6.0, 7.0, 24.0
#: Beyond these, erf(x) and the integral round to 1, and the integral is below half the smallest subnormal.
ERF_ONE, ONE, ZERO = 6.0, 8.5, -38.6


def from_middle(z: DoubleDouble) -> DoubleDouble:
    """P(0 < Z < z) for a standard normal Z and |z| <= 1; relative error below 2^-90."""
    return multiply(z, polynomial(multiply(z, z), SERIES, SERIES_TAIL, 1.0))


def beyond(z: DoubleDouble) -> tuple[DoubleDouble, int, DoubleDouble]:
    """(v, k, g) for 0.65 <= z <= 38.7: P(Z > z) = 2^k v, and e^(-z^2/2) = 2^k g; relative error of v below 2^-68."""
    square = multiply(z, z)
    k, q = reduced((square[0] * -0.5, square[1] * -0.5))
    g = add((1.0, 0.0), q)
    shifted = add(z, (MIDDLE, 0.0))
    w = divide(add(z, (-MIDDLE, 0.0)), shifted)
    return divide(multiply(g, polynomial(w, UPPER, UPPER_TAIL, 1.0)), shifted), k, g


def less_than_one(v: DoubleDouble, k: int) -> DoubleDouble:
    """1 - 2^k v."""
    scale = two_to(max(k, FARTHEST_POWER))
    return add((1.0, 0.0), (-v[0] * scale, -v[1] * scale))


@lane(taps=False)
def normal_cdf(x: float) -> float:
    """The probability that a standard normal variable is at most x.

    Units    plain numbers
    Method   |x| <= 1: 1/2 + x times the power series in x^2. Beyond: e^(-x^2/2) U(w) / (|x| + 5), w = (|x| - 5)/(|x| + 5),
             U a polynomial of degree 27; all in double-double, rounded once
    Error    below 0.5 ulp + 2^-12 ulp, in the far tail and for subnormal results too
    Edges    -inf is +0, inf is 1; NaN stays NaN
    """
    if x != x:
        return x
    if x < ZERO:
        return 0.0
    if x > ONE:
        return 1.0
    size = abs(x)
    if size < NEAR:
        high, low = add((0.5, 0.0), from_middle((x if size >= SMALL else 0.0, 0.0)))
        return high + low
    v, k, _ = beyond((size, 0.0))
    if x < 0.0:
        return rounded(v, k)
    high, low = less_than_one(v, k)
    return high + low


@lane(taps=False)
def erf(x: float) -> float:
    """The error function of x, 2/sqrt(pi) times the integral of e^-t^2 from 0 to x.

    Units    plain numbers
    Method   2 P(0 < Z < x sqrt(2)), as for `normal_cdf`, with x sqrt(2) as a double-double
    Error    below 0.5 ulp + 2^-12 ulp
    Edges    C99 F.9.5.1: ±0 is ±0, ±inf is ±1
    """
    if x != x or x == 0.0:
        return x
    size = abs(x)
    if size > ERF_ONE:
        return 1.0 if x > 0.0 else -1.0
    m, e = taken_apart(size)
    small = times(ERF_SLOPE, m)
    z = times(ROOT_2, size)
    near = from_middle(z)
    v, k, _ = beyond(z)
    far = less_than_one((2.0 * v[0], 2.0 * v[1]), k)
    if size < SMALL:
        value, power = small, e
    elif size < ERF_NEAR:
        value, power = (2.0 * near[0], 2.0 * near[1]), 0
    else:
        value, power = far, 0
    answer = rounded(value, power)
    return answer if x > 0.0 else -answer


@lane(taps=False)
def normal_ppf(p: float) -> float:
    """The x that a standard normal variable stays below with probability p: the inverse of `normal_cdf`.

    Units    plain numbers
    Method   a polynomial for a first z, good to 2^-20 or so, then one step of the inverse function's series: with
             h = (p - P(z)) / density(z), the answer is z + h + z h^2/2 + (2z^2 + 1) h^3/6 + (6z^3 + 7z) h^4/24 + ...
             P(z) in double-double, and p taken from the nearer of 0, 1/2 and 1, so that nothing is lost to cancellation
    Error    below 0.5 ulp + 2^-8 ulp
    Edges    0 is -inf, 1 is inf, 1/2 is +0; NaN below 0, above 1 and for NaN
    """
    if p != p or p < 0.0 or p > 1.0:
        return nan
    if p == 0.0:
        return -inf
    if p == 1.0:
        return inf
    middle = p - 0.5
    if abs(middle) <= 0.25:
        z, h = central_start(middle)
        return z + correction(z, h)
    z, h = tail_start(p if p < 0.5 else 1.0 - p)
    size = z + correction(z, h)
    return size if p > 0.5 else -size


def correction(z: float, h: float) -> float:
    """What the inverse function's series adds to z; h is the error of the probability over the density at z."""
    square = z * z
    fourth = z * (SIX * square + SEVEN) * (1.0 / FACTORIAL_4)
    third = (2.0 * square + 1.0) * (1.0 / SIX)
    return h + h * h * (0.5 * z + h * (third + h * fourth))


def central_start(q: float) -> tuple[float, float]:
    """(z, h) for P(0 < Z < z) = q, |q| <= 1/4."""
    square = q * q
    series = CENTRAL[-1]
    for coefficient in CENTRAL[-2::-1]:
        series = series * square + coefficient
    z = q * series
    error = add(negative(from_middle((z, 0.0))), (q, 0.0))
    _, growth = reduced((0.5 * z * z, 0.0))  # z^2/2 < 0.23, so the power of two is 1
    return z, (error[0] + error[1]) * ROOT_2_PI * (1.0 + growth[0])


def tail_start(q: float) -> tuple[float, float]:
    """(z, h) for P(Z > z) = q, 0 < q < 1/4."""
    t = sqrt(-2.0 * logarithm(q)[0])
    w = (t - MIDDLE) / (t + MIDDLE)
    ratio = QUANTILE[-1]
    for coefficient in QUANTILE[-2::-1]:
        ratio = ratio * w + coefficient
    z = t * ratio
    v, k, g = beyond((z, 0.0))
    # q = m 2^e and P(Z > z) = v 2^k agree in their first bits: e - k is small, and so is their difference.
    m, e = taken_apart(q)
    wanted = m * two_to(min(max(e - k, -FARTHEST_STEP), FARTHEST_STEP))
    error = add(v, (-wanted, 0.0))
    return z, (error[0] + error[1]) * ROOT_2_PI / g[0]
