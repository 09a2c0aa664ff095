"""The hyperbolic tangent."""

from __future__ import annotations

from dag import lane
from lanes.elementary.double_double import add, divide
from lanes.elementary.exponential import less_one
from lanes.elementary.scaling import two_to

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
