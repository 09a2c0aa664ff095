"""Numbers of 128 and 192 bits as two or three `int` words, the highest first, and what is computed with them.

Words are unsigned, held as the signed 64-bit integers that an `int` is. Sums and products wrap.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from dag import (
    leading_zeros,
    logical_shift_right,
    multiply_high,
    unsigned_less,
    wrapping_add,
    wrapping_mul,
    wrapping_shl,
    wrapping_sub,
)

Two: TypeAlias = tuple[int, int]
Three: TypeAlias = tuple[int, int, int]
WORD = 1 << 64
#: Every bit but the highest.
MAGNITUDE = WORD // 2 - 1


def words_of(number: int, count: int) -> tuple[int, ...]:
    """A whole number as `count` words, in two's complement where it is negative: for constants, when a module is loaded."""
    parts = [(number >> 64 * place) % WORD for place in reversed(range(count))]
    return tuple(part - WORD if part >= WORD // 2 else part for part in parts)


def two_words(number: int) -> Two:
    """A constant of 128 bits."""
    high, low = words_of(number, 2)
    return high, low


def columns_of(numbers: Sequence[int], count: int) -> tuple[tuple[int, ...], ...]:
    """A table of whole numbers as one table of words for each place, the highest place first."""
    return tuple(zip(*(words_of(number, count) for number in numbers), strict=True))


def whole_product(a: int, b: int) -> Two:
    """a * b, every bit of it."""
    return multiply_high(a, b), wrapping_mul(a, b)


def upper_product(a: Two, b: Two) -> Two:
    """The upper 128 bits of a * b, or up to 3 less, where both are below 2^127: the lowest of the four products is left out."""
    cross = wrapping_add(multiply_high(a[0], b[1]), multiply_high(a[1], b[0]))
    low = wrapping_add(wrapping_mul(a[0], b[0]), cross)
    return wrapping_add(multiply_high(a[0], b[0]), int(unsigned_less(low, cross))), low


def product_by_word(a: Two, b: int) -> Three:
    """a * b, every bit of it."""
    middle = wrapping_mul(a[0], b)
    low = wrapping_mul(a[1], b)
    carried = wrapping_add(middle, multiply_high(a[1], b))
    return wrapping_add(multiply_high(a[0], b), int(unsigned_less(carried, middle))), carried, low


def plus(a: Two, b: Two) -> Two:
    """a + b."""
    low = wrapping_add(a[1], b[1])
    return wrapping_add(wrapping_add(a[0], b[0]), int(unsigned_less(low, b[1]))), low


def minus(a: Two, b: Two) -> Two:
    """a - b."""
    low = wrapping_sub(a[1], b[1])
    return wrapping_sub(wrapping_sub(a[0], b[0]), int(unsigned_less(a[1], b[1]))), low


def plus_three(a: Three, b: Three) -> Three:
    """a + b."""
    low = wrapping_add(a[2], b[2])
    carry = int(unsigned_less(low, b[2]))
    middle = wrapping_add(a[1], b[1])
    carried = wrapping_add(middle, carry)
    above = int(unsigned_less(middle, b[1]) or unsigned_less(carried, carry))
    return wrapping_add(wrapping_add(a[0], b[0]), above), carried, low


def moved_right(a: Two, places: int) -> Two:
    """a >> places, for a number of places between 0 and 64 that is known when the lane is compiled."""
    return logical_shift_right(a[0], places), joined(a[0], a[1], places)


def joined(high: int, low: int, places: int) -> int:
    """The lower word of (high, low) >> places, for 0 < places < 64."""
    return logical_shift_right(low, places) | wrapping_shl(high, 64 - places)


def sliding(high: int, low: int, places: int) -> int:
    """The upper word of (high, low) << places, for places in [0, 63]."""
    return wrapping_shl(high, places) | logical_shift_right(logical_shift_right(low, 1), 63 - places)


def leading_word(a: Three) -> tuple[int, int]:
    """(w, n): a << n has its highest one bit at the top, and w is its upper word. Of a number below 2^63 neither is of any use."""
    empty = a[0] == 0
    high = a[1] if empty else a[0]
    low = a[2] if empty else a[1]
    zeros = leading_zeros(high)
    return sliding(high, low, zeros & 63), zeros + 64 if empty else zeros
