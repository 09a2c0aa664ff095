"""Powers: x^y for any two floats, and x^n for a whole number n."""

from __future__ import annotations

from math import inf, nan

from dag import float_bits, floor, lane
from lanes.elementary.power_fixed import positive_power


@lane(taps=False)
def pow(x: float, y: float) -> float:  # noqa: A001 - it is that function
    """x to the power y.

    Units    plain numbers
    Method   2^(y log2 |x|): the logarithm in 256-bit fixed point, by the tables of `log`; the power of two in 192, by those of `exp2`
    Error    correctly rounded wherever the result is not within 2^-140 of a midpoint of two floats without being one. None so near is
             known: the nearest is at 2^-122. Exact cases and exact ties come out exact
    Edges    C99 F.9.4.4, all of it: x^±0 is 1 and 1^y is 1 even for NaN; a negative x takes whole y only
    """
    if y == 0.0 or x == 1.0:
        return 1.0
    if x != x or y != y:
        return nan
    whole = not floor(y) < y
    odd = whole and abs(y) < 2.0**53 and floor(y * 0.5) < y * 0.5
    size = abs(x)
    if y == inf or y == -inf:
        if size == 1.0:
            return 1.0
        return inf if (size > 1.0) == (y > 0.0) else 0.0
    negative = odd and float_bits(x) < 0
    if size == 0.0 or size == inf:
        edge = inf if (size == inf) == (y > 0.0) else 0.0
        return -edge if negative else edge
    if x < 0.0 and not whole:
        return nan
    answer = positive_power(float_bits(size), float_bits(y))
    return -answer if negative else answer


@lane(taps=False)
def pown(x: float, n: int) -> float:
    """x to the whole power n: `pow` of n as a float. (`x ** 3` is another function: it rounds after each multiplication.)

    Units    plain numbers
    Error    as `pow`
    Edges    as `pow`: x^0 is 1 even for NaN; (-0)^-1 is -inf
    """
    return pow(x, float(n))
