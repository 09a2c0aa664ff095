"""2^y in 128-bit fixed point by three tables and a polynomial of degree four: integers alone.

2^f = T1[i] T2[j] T3[k] 2^(h / 2^21) for the fraction f = i/2^7 + j/2^14 + k/2^21 + h/2^21.
`tests/lanes/elementary/bounds` proves the error of each step.
"""

from __future__ import annotations

from math import factorial

from dag import logical_shift_right, lookup, multiply_high, wrapping_add, wrapping_shl
from lanes.elementary.constants import LN2
from lanes.elementary.fixed_tables import INDEX_BITS, powers_of_two, whole_units
from lanes.elementary.words import (
    MAGNITUDE,
    Two,
    columns_of,
    moved_right,
    plus,
    two_words,
    upper_product,
    whole_product,
)

#: Units of the tables, and of the results: a value from 1 to 2 has its highest bit at this place.
TABLE_BITS, RESULT_BITS = 126, 122
#: Bits of the fraction that the tables take, and units of the rest of it and of the coefficients.
TAKEN_BITS, REST_BITS = 3 * INDEX_BITS, 127
T1, T2, T3 = (
    columns_of([whole_units(x, TABLE_BITS) for x in powers_of_two(INDEX_BITS * n)], 2) for n in (1, 2, 3)
)  # fmt: skip
#: 2^h - 1 = h C1 + h^2 C2 + ...: in units of 2^-127, the last two, of which less is needed, of 2^-63. Half of the term after the
#: last, at the largest h, is added to it.
C1, C2 = (two_words(whole_units(LN2**n / factorial(n), REST_BITS)) for n in (1, 2))
C3 = whole_units(LN2**3 / factorial(3), 63)
C4 = whole_units(LN2**4 / factorial(4) + LN2**5 / factorial(5) / (1 << TAKEN_BITS + 1), 63)
#: The bits of an infinity; the least exponent of a normal number, and those of the least number and of the greatest.
INFINITY = 0x7FF << 52
LEAST_NORMAL, LEAST, GREATEST = -1022, -1074, 1023


def power_of_fraction(f: Two) -> Two:
    """2^(f / 2^128) in units of 2^-122, from 1 to 2."""
    i, j, k = (logical_shift_right(f[0], 64 - INDEX_BITS * n) for n in (1, 2, 3))
    # What is left of f, in units of 2^-127 of 2^-21.
    h = (
        wrapping_shl(f[0], TAKEN_BITS - 1) & MAGNITUDE | logical_shift_right(f[1], 65 - TAKEN_BITS),
        wrapping_shl(f[1], TAKEN_BITS - 1),
    )
    s = wrapping_add(C3, logical_shift_right(multiply_high(C4, h[0]), TAKEN_BITS - 1))
    second = plus(C2, moved_right(whole_product(s, h[0]), TAKEN_BITS - 1))
    first = plus(C1, moved_right(upper_product(second, h), TAKEN_BITS - 1))
    t = lookup(T3[0], k), lookup(T3[1], k)
    small = plus(t, moved_right(upper_product(t, upper_product(first, h)), TAKEN_BITS - 2))
    large = upper_product((lookup(T1[0], i), lookup(T1[1], i)), (lookup(T2[0], j), lookup(T2[1], j)))
    return upper_product(large, small)


def joined_at(high: int, low: int, places: int) -> int:
    """The lower word of (high, low) >> places, for places in [0, 63]."""
    return logical_shift_right(low, places) | wrapping_shl(wrapping_shl(high, 1), 63 - places)


def packed(k: int, v: int, is_more: bool) -> int:
    """The pattern of v 2^(k - 58), v from 2^58 to 2^59 and a little more where `is_more`, rounded to nearest even once."""
    # The highest bit, at place 58, goes to place 52, or further down where the result is subnormal.
    dropped = min(max(LEAST_NORMAL - k, 0), LEAST_NORMAL - LEAST + 1) + (RESULT_BITS - 64 - 52)
    half = 1 << (dropped - 1)
    is_odd = logical_shift_right(v, dropped) & 1 == 1
    kept = logical_shift_right(v + (half if is_more or is_odd else half - 1), dropped)
    finite = 0 if k < LEAST - 1 else kept + (max(k - LEAST_NORMAL, 0) << 52)
    return INFINITY if k > GREATEST else finite
