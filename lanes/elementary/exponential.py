"""e^x: the argument's reduction and series in double-double, shared by every function with an exponential in it."""

from __future__ import annotations

from fractions import Fraction
from math import factorial

from dag import bits_float, float_bits, lane, logical_shift_right, rint, wrapping_shl
from lanes.elementary.constants import LN2, parts
from lanes.elementary.double_double import DoubleDouble, add, fast_two_sum, multiply, nearest, polynomial, two_sum
from lanes.elementary.exponential_fixed import joined_at, packed, power_of_fraction
from lanes.elementary.fixed_tables import whole_units
from lanes.elementary.scaling import two_to
from lanes.elementary.words import MAGNITUDE, Two, product_by_word, two_words

LOG2_E = float(1 / LN2)
#: Whole multiples of the first two, up to 2^13 of them, are exact.
LN2_1, LN2_2, LN2_3 = parts(LN2, 40, 3)
#: (e^r - 1) / r = sum r^i / (i + 1)!; for |r| <= 0.35 the trailing terms are below 2^-50, those left out below 2^-108.
SERIES = tuple(nearest(Fraction(1, factorial(i + 1))) for i in range(12))
SERIES_TAIL = tuple(1 / factorial(i + 1) for i in range(12, 23))

#: e^x is infinite above: 2^1024 - 2^970 is the end of binary64 with rounding.
LARGEST = 709.782712893384
#: e^x is below 2^-1075 below.
SMALLEST = -745.1332191019412
#: 2^-k stays beyond the last place of a double-double when it is taken as 2^-120.
FARTHEST_POWER = 120
#: Where |x| is less, 1 + x rounds to 1 and x + x^2/2 to x.
TINY = 2.0**-55


def reduced(x: DoubleDouble) -> tuple[int, DoubleDouble]:
    """(k, q) with e^x = 2^k (1 + q), |q| < 0.42, for |x| < 1100.

    q has a relative error below 2^-98 where k = 0, and 1 + q one below 2^-100 everywhere.
    """
    k = rint(x[0] * LOG2_E)
    nearly, error = two_sum(x[0] - k * LN2_1, -(k * LN2_2))
    r = fast_two_sum(nearly, error + (x[1] - k * LN2_3))
    return int(k), multiply(r, polynomial(r, SERIES, SERIES_TAIL, 0.5))


def less_one(x: DoubleDouble) -> tuple[int, DoubleDouble]:
    """(k, v) with e^x - 1 = 2^k v, for -45 <= x < 1100; nothing cancels."""
    k, q = reduced(x)
    return k, add(two_sum(1.0, -two_to(-min(k, FARTHEST_POWER))), q)


#: The bits of a fraction.
FRACTION = (1 << 52) - 1
#: The bits of magnitudes where nothing changes any more: e^x and 2^x are infinite, or zero, beyond the first two, and 1 below the last.
FARTHEST, FARTHEST_POWER_OF_TWO, NEAREST = float_bits(760.0), float_bits(1100.0), float_bits(2.0**-64)
#: log2(e) in units of 2^-127.
LOG2_E_WORDS = two_words(whole_units(1 / LN2, 127))


@lane(taps=False)
def exp(x: float) -> float:
    """e to the power x, correctly rounded.

    Units    plain numbers
    Method   x log2(e) in 128-bit fixed point, then as `exp2`
    Error    correctly rounded, subnormal results included: proved, by the bound on the algorithm's own error (2^-115.4) and the
             published distance of e^x from a midpoint of two floats (2^-111.7)
    Edges    C99 F.9.3.1: e^±0 is 1, e^-inf is +0, e^inf is inf
    """
    bits = float_bits(x)
    size = min(bits & MAGNITUDE, FARTHEST)
    down = 1074 - (size >> 52)
    m = size & FRACTION | FRACTION + 1 if size >= NEAREST else 0
    p = product_by_word(LOG2_E_WORDS, m)
    near = down < 64
    whole = p[0] if near else 0
    high, low = (p[1], p[2]) if near else (p[0], p[1])
    places = down & 63
    f = joined_at(whole, high, places), joined_at(high, low, places)
    return of_power(bits, logical_shift_right(whole, places), f, x)


@lane(taps=False)
def exp2(x: float) -> float:
    """2 to the power x, correctly rounded.

    Units    plain numbers
    Method   x = k + f; 2^f by three tables of 128 entries and a polynomial, in 128-bit fixed point; rounded once
    Error    correctly rounded, subnormal results included: proved, by the bound on the algorithm's own error (2^-115.4) and the
             published distance of 2^x from a midpoint of two floats (2^-112.5)
    Edges    C99 F.9.3.2: 2^±0 is 1, 2^-inf is +0, 2^inf is inf
    """
    bits = float_bits(x)
    size = min(bits & MAGNITUDE, FARTHEST_POWER_OF_TWO)
    down = 1075 - (size >> 52)
    m = size & FRACTION | FRACTION + 1 if size >= NEAREST else 0
    places = down & 63
    near = down < 64
    f = (
        (0 if places == 0 else wrapping_shl(m, 64 - places)) if near else logical_shift_right(m, places),
        0 if near else joined_at(m, 0, places),
    )
    return of_power(bits, logical_shift_right(m, places) if near else 0, f, x)


def of_power(bits: int, whole: int, fraction: Two, x: float) -> float:
    """2^±(whole + fraction), the sign being that of the word `bits` of x: rounded to nearest even once; x itself where it is no number.

    Of a negative exponent the fraction is taken as what is left of 1, less 2^-128.
    """
    sign = bits >> 63
    k = whole ^ sign
    v, _ = power_of_fraction((fraction[0] ^ sign, fraction[1] ^ sign))
    return x if x != x else bits_float(packed(k, v, True))
