"""x^y by integers: log2 x in 256 bits, times y, and 2 to that power in 192.

The error before rounding is below 2^-145 of the result. A result that is exact in fewer bits, or lies exactly between two floats, is
made so by a last rounding to multiples of 2^-140 of it; `tests/lanes/elementary/test_power.py` says what that rests on.
"""

from __future__ import annotations

from math import factorial

from dag import (
    bits_float,
    float_bits,
    logical_shift_right,
    lookup,
    multiply_high,
    wrapping_add,
    wrapping_shl,
    wrapping_sub,
)
from lanes.elementary.constants import LN2
from lanes.elementary.exponential_fixed import joined_at, packed
from lanes.elementary.fixed_tables import INDEX_BITS, powers_of_two, whole_units
from lanes.elementary.logarithm_fixed import FIRST_LOGARITHMS, LOWEST, SECOND_LOGARITHMS, Z_BITS, reduced
from lanes.elementary.words import (
    MAGNITUDE,
    Three,
    columns_of,
    difference_of,
    joined,
    moved_down,
    moved_right,
    plus,
    plus_three,
    sum_of,
    three_words,
    times_word,
    two_words,
    upper_product,
    upper_product_of_three,
    whole_product,
    words_of,
)

#: Units of the logarithm, and of the coefficients of log2(1 + z) / z = 1/ln 2 - z/(2 ln 2) + ...: as many words as are needed of each.
LOG_BITS = 244
SERIES_BITS = (190, 190, 190, 126, 126, 126, 126, 62, 62, 62, 62)
SERIES = tuple(
    words_of(whole_units(1 / LN2 / (n + 1), bits), (bits + 2) // 64) for n, bits in enumerate(SERIES_BITS)
)  # fmt: skip
FIRST = columns_of([whole_units(x / LN2, LOG_BITS) for x in FIRST_LOGARITHMS], 4)
SECOND = columns_of([whole_units(x / LN2, LOG_BITS) for x in SECOND_LOGARITHMS], 4)
#: Units of the tables of 2^(i/2^7), ..., of h 2^21, and of the coefficients of 2^h - 1 in powers of h.
TABLE_BITS, REST_BITS = 190, 191
T1, T2, T3 = (columns_of([whole_units(x, TABLE_BITS) for x in powers_of_two(INDEX_BITS * n)], 3) for n in (1, 2, 3))
C1, C2 = (three_words(whole_units(LN2**n / factorial(n), 191)) for n in (1, 2))
C3, C4, C5 = (two_words(whole_units(LN2**n / factorial(n), 127)) for n in (3, 4, 5))
C6, C7 = (whole_units(LN2**n / factorial(n), 63) for n in (6, 7))
#: Units of 2^f, and how many of its bits the last rounding before the last drops.
POWER_BITS, GRID_BITS = 186, 46
#: An exponent beyond every finite one, of either sign.
FARTHEST_EXPONENT = 2048
#: The bits of powers below which a result is 1, and beyond which every result is infinite or zero, but that of 1.
NEAREST, FARTHEST = float_bits(2.0**-65), float_bits(2.0**65)


def binary_logarithm(bits: int) -> tuple[int, int, int, int]:
    """log2 x in units of 2^-244, for the pattern of a positive finite x; relative error below 2^-155."""
    e, i, j, w = reduced(bits)
    sign = w >> 63
    size = wrapping_sub(w ^ sign, sign)
    series = SERIES[-1]
    for n in reversed(range(len(SERIES) - 1)):
        product = times_word(series, size)
        kept = product[:-1] if len(SERIES[n]) == len(series) else product
        series = difference_of(SERIES[n], tuple(each ^ sign for each in moved_down(kept, Z_BITS - 64)))
    last = tuple(each ^ sign for each in moved_down(times_word(series, size), Z_BITS + SERIES_BITS[0] - LOG_BITS))
    first = tuple(lookup(column, i) for column in FIRST)
    second = tuple(lookup(column, j) for column in SECOND)
    a, b, c, d = sum_of(sum_of(first, second), last)
    return wrapping_add(a, wrapping_shl(e + LOWEST, LOG_BITS - 192)), b, c, d


def power_of_fraction(f: Three) -> Three:
    """2^(f / 2^192) in units of 2^-186, from 1 to 2; error below 2^-180."""
    i, j, k = (logical_shift_right(f[0], 64 - INDEX_BITS * n) for n in (1, 2, 3))
    taken = 3 * INDEX_BITS
    h = joined(f[0], f[1], 64 - taken), joined(f[1], f[2], 64 - taken), wrapping_shl(f[2], taken)
    s = wrapping_add(C6, logical_shift_right(multiply_high(C7, h[0]), taken))
    shorter = moved_right((h[0], h[1]), 1)
    fifth = plus(C5, moved_right(whole_product(s, h[0]), taken))
    fourth = plus(C4, moved_right(upper_product(fifth, shorter), taken - 1))
    third = plus(C3, moved_right(upper_product(fourth, shorter), taken - 1))
    second = plus_three(C2, moved(upper_product_of_three((third[0], third[1], 0), h), taken))
    first = plus_three(C1, moved(upper_product_of_three(second, h), taken))
    t = lookup(T3[0], k), lookup(T3[1], k), lookup(T3[2], k)
    small = plus_three(t, moved(upper_product_of_three(t, upper_product_of_three(first, h)), taken - 1))
    one = lookup(T1[0], i), lookup(T1[1], i), lookup(T1[2], i)
    two = lookup(T2[0], j), lookup(T2[1], j), lookup(T2[2], j)
    return upper_product_of_three(upper_product_of_three(one, two), small)


def moved(a: Three, places: int) -> Three:
    """a >> places, for a number of places between 0 and 64 that is known when the lane is compiled."""
    return logical_shift_right(a[0], places), joined(a[0], a[1], places), joined(a[1], a[2], places)


def positive_power(x: int, y: int) -> float:
    """The power of positive finite x, not 1, and finite y, by their patterns."""
    logarithm = binary_logarithm(x)
    sign = logarithm[0] >> 63
    size = min(max(y & MAGNITUDE, NEAREST), FARTHEST)
    m = size & ((1 << 52) - 1) | 1 << 52 if y & MAGNITUDE >= NEAREST else 0
    n = times_word(tuple(each ^ sign for each in logarithm), m)
    down = LOG_BITS - 192 + 1075 - (size >> 52)
    # The product moved by `down` places: by whole words first.
    one, two = down >= 64, down >= 128
    a = 0 if one else n[0]
    b = 0 if two else n[0] if one else n[1]
    c = n[0] if two else n[1] if one else n[2]
    d = n[1] if two else n[2] if one else n[3]
    e = n[2] if two else n[3] if one else n[4]
    places = down & 63
    k = joined_at(a, b, places)
    is_far = logical_shift_right(a, places) != 0 or not 0 <= k < FARTHEST_EXPONENT
    negative = sign ^ (y >> 63)
    fraction = (
        joined_at(b, c, places) ^ negative,
        joined_at(c, d, places) ^ negative,
        joined_at(d, e, places) ^ negative,
    )
    exponent = (FARTHEST_EXPONENT if is_far else k) ^ negative
    v = plus_three(power_of_fraction(fraction), (0, 0, 1 << (GRID_BITS - 1)))
    rest = v[1] | v[2] & -(1 << GRID_BITS)
    return bits_float(packed(exponent, v[0], rest != 0))
