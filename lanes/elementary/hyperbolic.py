"""Hyperbolic sine, cosine and tangent."""

from __future__ import annotations

from dag import float_bits, lane
from lanes.elementary.double_double import add, divide
from lanes.elementary.exponential import less_one
from lanes.elementary.exponential_less_one import exponential, rounded, shifted_down
from lanes.elementary.scaling import two_to
from lanes.elementary.words import MAGNITUDE, difference_of, sum_of

#: Where |x| is less, x - x^3/3 rounds to x; where it is more, 1 - 2 e^-2x rounds to 1.
SMALL, LARGE = 2.0**-28, 20.0


@lane(taps=False)
def tanh(x: float) -> float:
    """The hyperbolic tangent of x.

    Units    plain numbers
    Method   v / (v + 2) with v = e^2|x| - 1 in double-double
    Error    below 0.5 ulp + 2^-40 ulp
    Edges    C99 F.9.2.6: ±0 is ±0, ±inf is ±1
    """
    if x != x or abs(x) < SMALL:
        return x
    if x > LARGE:
        return 1.0
    if x < -LARGE:
        return -1.0
    k, scaled = less_one((2.0 * abs(x), 0.0))
    value = scaled[0] * two_to(k), scaled[1] * two_to(k)
    high, low = divide(value, add(value, (2.0, 0.0)))
    return high + low if x > 0.0 else -(high + low)


#: The bits of magnitudes below which sinh x rounds to x and cosh x to 1; their exponentials are those of the least that is computed.
NEAR = float_bits(2.0**-26)
#: The sign of a pattern.
SIGN = -(1 << 63)


@lane(taps=False)
def sinh(x: float) -> float:
    """The hyperbolic sine of x, correctly rounded.

    Units    plain numbers
    Method   (e^x - e^-x) / 2, both as for `expm1`, in 192-bit fixed point, rounded once
    Error    correctly rounded: by the error before rounding (2^-150) and the distances from midpoints in the lists of CORE-MATH
    Edges    C99 F.9.2.5: ±0 is ±0, ±inf is ±inf
    """
    bits = float_bits(x)
    size = max(bits & MAGNITUDE, NEAR)
    k, v = exponential(size)
    _, w = exponential(size | SIGN)
    a, b, c = difference_of(v, shifted_down(w, min(2 * k + 1, 191)))
    value = rounded((a, b, c), k - 1)
    return x if x != x or bits & MAGNITUDE < NEAR else value if bits >= 0 else -value


@lane(taps=False)
def cosh(x: float) -> float:
    """The hyperbolic cosine of x, correctly rounded.

    Units    plain numbers
    Method   (e^x + e^-x) / 2, as `sinh`
    Error    correctly rounded: by the error before rounding (2^-178) and the distances from midpoints in the lists of CORE-MATH
    Edges    C99 F.9.2.4: ±0 is 1, ±inf is inf
    """
    bits = float_bits(x)
    size = max(bits & MAGNITUDE, NEAR)
    k, v = exponential(size)
    _, w = exponential(size | SIGN)
    a, b, c = sum_of(v, shifted_down(w, min(2 * k + 1, 191)))
    value = rounded((a, b, c), k - 1)
    return x if x != x else 1.0 if bits & MAGNITUDE < NEAR else value
