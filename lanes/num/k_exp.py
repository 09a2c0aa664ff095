"""The exponential, from basic operations only, so that every backend agrees by construction."""

from __future__ import annotations

import math

from dag import bits_float, lane, rint
from lanes.num.clamp import clamp
from lanes.num.k_log import LN2_HI, LN2_LO, MANTISSA_BITS

#: 1 / k!, one division each.
SERIES = tuple(1.0 / math.factorial(k) for k in range(14))
LOG2_E = 1.4426950408889634
EXPONENT_BIAS = 1023


@lane
def k_exp(x: float) -> float:
    """e to the power `x`, with x limited to [-700, 700]; NaN stays NaN.

    Units    plain numbers
    Method   x = n ln 2 + r with |r| <= ln(2)/2; fourteen Taylor terms by Horner's rule, two roundings a step; then times
             2**n, which is exact: n stays within [-1010, 1010], so neither side is subnormal
    Error    within 1 ulp of a correctly rounded exponential on [-700, 700]
    Source   [chosen] ours; the systems rebuilt here leave their libm's exponential unspecified
    """
    x = clamp(x, -700.0, 700.0)
    if x != x:
        return x
    n = rint(x * LOG2_E)
    r = (x - n * LN2_HI) - n * LN2_LO
    p = SERIES[13]
    for k in range(12, -1, -1):
        p = p * r + SERIES[k]
    two_to_n = bits_float((int(n) + EXPONENT_BIAS) << MANTISSA_BITS)
    return p * two_to_n
