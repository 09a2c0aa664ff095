"""The natural logarithm, from basic operations only, so that every backend agrees by construction."""

from __future__ import annotations

import math

from dag import bits_float, float_bits, lane

#: 1 / (2k + 1): the series of 2 artanh(s) in s squared.
SERIES = tuple(1.0 / (2 * k + 1) for k in range(12))
#: ln 2 in two parts: whole multiples of the first are exact.
LN2_HI, LN2_LO = 0.6931471803691238, 1.9082149292705877e-10
SQRT_HALF = 0.7071067811865476
SMALLEST_NORMAL = 2.2250738585072014e-308
TWO_TO_54 = 18014398509481984.0

MANTISSA_BITS = 52
MANTISSA_MASK = (1 << 52) - 1
EXPONENT_MASK = 0x7FF
#: The exponent field of numbers in [0.5, 1).
HALF_EXPONENT = 1022


@lane
def k_log(x: float) -> float:
    """Natural logarithm of `x`.

    Units    plain numbers
    Domain   every double: +inf for +inf, -inf for zeros, NaN below zero
    Method   x = m * 2**e with m in [sqrt(1/2), sqrt(2)); s = (m - 1) / (m + 1); twelve terms of the artanh series, left to
             right, and e * ln 2 in two parts. No fused multiply-add.
    Error    within 2 ulp of a correctly rounded logarithm
    Source   [chosen] ours; the systems rebuilt here leave their libm's logarithm unspecified
    """
    if x != x or x < 0.0:
        return math.nan
    if x == 0.0:
        return -math.inf
    if x == math.inf:
        return math.inf
    subnormal = x < SMALLEST_NORMAL
    normal = x * TWO_TO_54 if subnormal else x
    bits = float_bits(normal)
    exponent = ((bits >> MANTISSA_BITS) & EXPONENT_MASK) - HALF_EXPONENT
    exponent = exponent - 54 if subnormal else exponent  # dagc: allow W004 the exponent of TWO_TO_54
    m = bits_float((bits & MANTISSA_MASK) | (HALF_EXPONENT << MANTISSA_BITS))
    low = m < SQRT_HALF
    m = m * 2.0 if low else m
    e = float(exponent - 1 if low else exponent)
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = SERIES[11]
    for k in range(10, 0, -1):
        p = p * z + SERIES[k]
    t = 2.0 * s
    return e * LN2_HI + (t + ((t * z) * p + e * LN2_LO))
