"""Logarithms in 192-bit fixed point by two tables of reciprocals and a short series: integers alone.

x = 2^e m. The first reciprocal brings m to 1 within 2^-7, the second that to 1 + z, |z| <= 2^-14, both without rounding; then
ln x = e ln 2 - ln r1 - ln r2 + z (1 - z/2 + z^2 R(z)). `tests/lanes/elementary/bounds` proves the error of each step.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from dag import (
    bits_float,
    leading_zeros,
    logical_shift_right,
    lookup,
    multiply_high,
    wrapping_add,
    wrapping_mul,
    wrapping_shl,
    wrapping_sub,
)
from lanes.elementary.constants import LN2
from lanes.elementary.fixed_tables import ENTRIES, INDEX_BITS, logarithm_of, whole_units
from lanes.elementary.words import (
    Three,
    Two,
    columns_of,
    joined,
    leading_word,
    minus,
    moved_right,
    plus,
    plus_three,
    product_by_word,
    two_words,
    upper_product,
    whole_product,
    words_of,
)

#: Units of a logarithm, of the two reciprocals, and of z.
LOG_BITS, FIRST_BITS, SECOND_BITS = 180, 9, 16
Z_BITS = 52 + FIRST_BITS + SECOND_BITS
#: From this entry of the first table on m counts as m / 2: its logarithm is then near 0 from both sides.
HALF = 53
NEARER = ENTRIES
#: Exponents are counted from here, and are then positive.
LOWEST = -1100


def reciprocal(low: Fraction, high: Fraction, bits: int) -> int:
    """The reciprocal of the middle of an interval, in units of 2^-bits."""
    return round(2 * (1 << bits) / (low + high))


#: Of the leading bits of m. Next to 1, on both sides, the reciprocal is 1 itself, so that nothing is lost near ln 1 = 0.
R1 = (
    1 << FIRST_BITS,
    *(reciprocal(1 + Fraction(i, ENTRIES), 1 + Fraction(i + 1, ENTRIES), FIRST_BITS) for i in range(1, ENTRIES - 1)),
    1 << (FIRST_BITS - 1),
)
#: Of m r1, whose distance from 1, in units of 2^-14, is the place: from the middle on a negative one.
R2 = tuple(
    1 << SECOND_BITS if j in (0, -1) else reciprocal(1 + Fraction(j, 1 << 14), 1 + Fraction(j + 1, 1 << 14), SECOND_BITS)
    for j in (*range(NEARER), *range(-NEARER, 0))
)  # fmt: skip
FIRST_LOGARITHMS = tuple(
    -logarithm_of(Fraction(r, 1 << (FIRST_BITS if i < HALF else FIRST_BITS - 1))) for i, r in enumerate(R1)
)
SECOND_LOGARITHMS = tuple(-logarithm_of(Fraction(r, 1 << SECOND_BITS)) for r in R2)
#: R(z) = 1/3 - z/4 + z^2/5 - z^3/6 + z^4/7 - ...: the first in units of 2^-128, the others of 2^-64.
THIRD = two_words(whole_units(Fraction(1, 3), 128))
FIFTH, SIXTH, SEVENTH, NINTH = (words_of(whole_units(Fraction(1, n), 64), 1)[0] for n in (5, 6, 7, 9))
#: Units of z^2 and of its upper word.
SQUARE_BITS, UPPER_SQUARE_BITS = 2 * Z_BITS, 2 * Z_BITS - 63


def taken_apart(bits: int) -> Two:
    """(m, e) with x = m 2^(e - 52), 2^52 <= m < 2^53, for the pattern of a positive finite x; any two numbers for another."""
    field = bits >> 52
    lifted = (leading_zeros(bits) - 11) & 63
    fraction = bits & ((1 << 52) - 1)
    if field == 0:
        return wrapping_shl(fraction, lifted), -1022 - lifted
    return fraction | 1 << 52, field - 1023


def series(w: int) -> Two:
    """ln(1 + z) / z in units of 2^-127, for z = w / 2^77 and |z| <= 2^-14."""
    sign = w >> 63
    size = wrapping_sub(w ^ sign, sign)
    square = whole_product(size, size)
    t = wrapping_shl(square[0], 1) | logical_shift_right(square[1], 63)
    to_word = UPPER_SQUARE_BITS - 64
    inner = wrapping_add(SEVENTH, logical_shift_right(multiply_high(t, NINTH), to_word))
    even = multiply_high(t, wrapping_add(FIFTH, logical_shift_right(multiply_high(t, inner), to_word)))
    odd = multiply_high(t, wrapping_add(SIXTH, logical_shift_right(t, to_word + 3)))
    odd = logical_shift_right(multiply_high(size, odd), Z_BITS - 64)
    rest = wrapping_sub(even, odd ^ sign)
    fourth = w >> 15, wrapping_shl(w, 49)  # z/4 in units of 2^-128, and z/2 in units of 2^-127
    to_rest = 128 - UPPER_SQUARE_BITS
    r = minus(plus(THIRD, (rest >> (64 - to_rest), wrapping_shl(rest, to_rest))), fourth)
    higher = moved_right(upper_product(square, r), SQUARE_BITS - 127)
    return plus(minus((-(1 << 63), 0), fourth), higher)


@dataclass(frozen=True)
class Logarithms:
    """The logarithms to one base of 2 and of the reciprocals, in units of 2^-180 and as tables of words, the highest first.

    Those of the first table have 1,100 times that of 2 taken off, so that exponents may count from -1,100.
    """

    of_two: tuple[int, ...]
    first: tuple[tuple[int, ...], ...]
    second: tuple[tuple[int, ...], ...]


def logarithms(unit: Fraction) -> Logarithms:
    """The tables for logarithms that are `unit` times as large as natural ones."""
    of_two = whole_units(LN2 * unit, LOG_BITS)
    return Logarithms(
        words_of(of_two, 3),
        columns_of([whole_units(x * unit, LOG_BITS) + LOWEST * of_two for x in FIRST_LOGARITHMS], 3),
        columns_of([whole_units(x * unit, LOG_BITS) for x in SECOND_LOGARITHMS], 3),
    )


def reduced(bits: int) -> tuple[int, int, int, int]:
    """(e, i, j, w): the exponent of x, counted from LOWEST, the places in the two tables, and z in units of 2^-77."""
    m, e = taken_apart(bits)
    i = (m >> (52 - INDEX_BITS)) & (ENTRIES - 1)
    near = wrapping_mul(m, lookup(R1, i))
    j = wrapping_sub(near, 1 << (52 + FIRST_BITS)) >> 47
    return e - LOWEST + (1 if i >= HALF else 0), i, j, wrapping_mul(near, lookup(R2, j))


def logarithm(bits: int, tables: Logarithms, factor: Two | None) -> Three:
    """The logarithm of the positive finite number of this pattern, in units of 2^-180; `factor` is that of the tables, in units of 2^-126."""
    e, i, j, w = reduced(bits)
    p = series(w)
    per_z = p if factor is None else upper_product(moved_right(p, 1), factor)
    places = Z_BITS + 127 - LOG_BITS if factor is None else Z_BITS + 124 - LOG_BITS
    sign = w >> 63
    y = product_by_word(per_z, wrapping_sub(w ^ sign, sign))
    z = logical_shift_right(y[0], places) ^ sign, joined(y[0], y[1], places) ^ sign, joined(y[1], y[2], places) ^ sign
    whole = product_by_word((tables.of_two[1], tables.of_two[2]), e)
    powers = wrapping_add(whole[0], wrapping_mul(tables.of_two[0], e)), whole[1], whole[2]
    first = lookup(tables.first[0], i), lookup(tables.first[1], i), lookup(tables.first[2], i)
    second = lookup(tables.second[0], j), lookup(tables.second[1], j), lookup(tables.second[2], j)
    return plus_three(plus_three(powers, plus_three(first, second)), z)


def rounded(value: Three) -> float:
    """A number in units of 2^-180, of magnitude 2^-54 or more or zero, to the nearest float: no tie is among them."""
    sign = value[0] >> 63
    size = value[0] ^ sign, value[1] ^ sign, value[2] ^ sign
    word, zeros = leading_word(size)
    significand = logical_shift_right(word, 11) + (logical_shift_right(word, 10) & 1)
    pattern = significand + ((1023 + 191 - LOG_BITS - 1 - zeros) << 52)
    is_zero = size[0] | size[1] == 0
    return 0.0 if is_zero else bits_float(wrapping_shl(sign, 63) | pattern)
