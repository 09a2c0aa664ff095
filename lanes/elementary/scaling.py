"""Powers of two: taking a float apart exactly, and putting a result together with one rounding."""

from __future__ import annotations

from dag import bits_float, float_bits, floor
from lanes.elementary.double_double import DoubleDouble, fast_two_sum

FRACTION_BITS = 52
BIAS = 1023
SMALLEST_NORMAL = 2.2250738585072014e-308
#: The smallest subnormal is two to this.
SMALLEST_EXPONENT = -1074
#: Below the one, results are zero; from the other on, infinite.
LEAST_EXPONENT, MOST_EXPONENT = -1080, 1025
#: float_bits of the square root of one half.
SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
#: What scaled() keeps below the binary point; the rest becomes one sticky bit.
FIXED_BITS = 60
FIXED_POINT = float(1 << FIXED_BITS)
#: From this power of two on, results of scaled() are normal; below it they are under 2^-1021, where floats are evenly spaced.
SAFE_EXPONENT = -1021


def two_to(k: int) -> float:
    """2^k for k in [-1022, 1023], by its bits."""
    return bits_float((k + BIAS) << FRACTION_BITS)


def taken_apart(x: float) -> tuple[float, int]:
    """(m, e) with x = m 2^e exactly and m in [sqrt(1/2), sqrt(2)), for positive finite x, subnormals included."""
    bits = float_bits(x)
    subnormal = x < SMALLEST_NORMAL
    # The bits of a subnormal are its value in units of 2^-1074, so no arithmetic touches a subnormal.
    normal = float_bits(float(bits)) if subnormal else bits
    steps = (normal - SQRT_HALF_BITS) >> FRACTION_BITS
    m = bits_float(normal - (steps << FRACTION_BITS))
    return m, steps + SMALLEST_EXPONENT if subnormal else steps


def scaled(value: DoubleDouble, k: int) -> float:
    """value 2^k, rounded to nearest even once, for 0.5 <= value < 2 and k in [-1080, 1025].

    A subnormal result is rounded in integers: from the sixty leading bits and a sticky one. Rounding to 53 bits first and
    to fewer then, as the multiplication would, is wrong near ties.
    """
    high, low = fast_two_sum(value[0], value[1])
    normal = k >= SAFE_EXPONENT
    half = (k if normal else 0) >> 1
    product = high * two_to(half) * two_to((k if normal else 0) - half)
    if normal:
        return product
    below = low * FIXED_POINT
    whole = int(high * FIXED_POINT) + int(floor(below))
    whole = whole | 1 if floor(below) < below else whole
    shift = min(FIXED_BITS + SMALLEST_EXPONENT - k, FIXED_BITS + 2)
    even = (whole >> shift) & 1
    return bits_float((whole + (1 << (shift - 1)) - 1 + even) >> shift)


def rounded(value: DoubleDouble, k: int) -> float:
    """value 2^k, rounded to nearest even once, for any positive value within [2^-700, 2^700]."""
    m, e = taken_apart(value[0])
    return scaled((m, value[1] * two_to(-e)), min(max(k + e, LEAST_EXPONENT), MOST_EXPONENT))
