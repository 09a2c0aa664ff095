"""Powers: x^y for any two floats, and x^n for a whole number n."""

from __future__ import annotations

from math import inf, nan

from dag import float_bits, floor, lane
from lanes.elementary.double_double import DoubleDouble, add, divide, fast_two_sum, multiply, times
from lanes.elementary.exponential import reduced
from lanes.elementary.logarithm import logarithm
from lanes.elementary.scaling import rounded, scaled, taken_apart, two_to

#: Powers with a smaller |y| round to 1; a larger |y| sends every base but 1 to 0 or to infinity.
TINY_POWER, HUGE_POWER = 2.0**-65, 2.0**65
#: Beyond these logarithms a power is infinite, or below half the smallest subnormal.
MOST, LEAST = 710.0, -746.0
#: Adding and subtracting 1.5 * 2^-26 rounds a low part to a multiple of 2^-78.
SNAP = 1.5 * 2.0**-26
#: The largest power that `pown` computes by multiplication.
LARGEST_WHOLE_POWER = 1024


def snapped(value: DoubleDouble) -> DoubleDouble:
    """`value`, between 0.5 and 2, on a grid of 2^-78.

    A power may lie exactly between two floats (3.5 ** 15, say); the grid takes away the error of some 2^-90, and so lets
    it round to even as it must.
    """
    high, low = fast_two_sum(value[0], value[1])
    return high, (low + SNAP) - SNAP


@lane(taps=False)
def pow(x: float, y: float) -> float:  # noqa: A001 - it is that function
    """x to the power y.

    Units    plain numbers
    Method   e^(y ln |x|), logarithm, product and exponential in double-double; exact cases and exact ties come out exact
    Error    below 0.5 ulp + 2^-25 ulp
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
    answer = power_of_positive(size, y)
    return -answer if negative else answer


def power_of_positive(x: float, y: float) -> float:
    """x^y for positive finite x and finite y."""
    limited = min(max(y if abs(y) >= TINY_POWER else 0.0, -HUGE_POWER), HUGE_POWER)
    exponent = times(logarithm(x), limited)
    if exponent[0] > MOST:
        return inf
    if exponent[0] < LEAST:
        return 0.0
    k, q = reduced(exponent)
    return scaled(snapped(add((1.0, 0.0), q)), k)


@lane(taps=False)
def pown(x: float, n: int) -> float:
    """x to the whole power n. Where n is known when the lane is compiled, only the products of that power are computed.

    Units    plain numbers
    Method   x = m 2^e; m^|n| by squaring in double-double, inverted for a negative n; times 2^(n e), rounded once
    Error    below 0.5 ulp + |n| 2^-48 ulp; exact cases and exact ties come out exact. (`x ** 3` is another function: it
             rounds after each multiplication.)
    Edges    as `pow`: x^0 is 1 even for NaN; (-0)^-1 is -inf
    """
    if n == 0:
        return 1.0
    if not -LARGEST_WHOLE_POWER <= n <= LARGEST_WHOLE_POWER:
        return pow(x, float(n))
    if x != x:
        return nan
    negative = n & 1 == 1 and float_bits(x) < 0
    size = abs(x)
    if size == 0.0 or size == inf:  # noqa: SIM108 - one case is an edge
        answer = inf if (size == inf) == (n > 0) else 0.0
    else:
        answer = whole_power(size, n)
    return -answer if negative else answer


def whole_power(x: float, n: int) -> float:
    """x^n for positive finite x and 1 <= |n| <= 1024."""
    m, e = taken_apart(x)
    square = m, 0.0
    product = 1.0, 0.0
    for bit in range(11):
        if (abs(n) >> bit) & 1 == 1:
            product = multiply(product, square)
        if abs(n) >> (bit + 1) != 0:
            square = multiply(square, square)
    high, low = product if n > 0 else divide((1.0, 0.0), product)
    leading, shift = taken_apart(high)
    return rounded(snapped((leading, low * two_to(-shift))), shift + n * e)
