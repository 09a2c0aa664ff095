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


def three_words(number: int) -> Three:
    """A constant of 192 bits."""
    high, middle, low = words_of(number, 3)
    return high, middle, low


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


def sum_of(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """a + b, of as many words each."""
    low = wrapping_add(a[-1], b[-1])
    total = (low,)  # type: tuple[int, ...]
    carry = int(unsigned_less(low, b[-1]))
    for x, y in zip(reversed(a[:-1]), reversed(b[:-1]), strict=True):
        partial = wrapping_add(x, y)
        whole = wrapping_add(partial, carry)
        carry = int(unsigned_less(partial, y) or unsigned_less(whole, carry))
        total = (whole, *total)
    return total


def difference_of(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """a - b, of as many words each."""
    total = (wrapping_sub(a[-1], b[-1]),)  # type: tuple[int, ...]
    borrow = int(unsigned_less(a[-1], b[-1]))
    for x, y in zip(reversed(a[:-1]), reversed(b[:-1]), strict=True):
        partial = wrapping_sub(x, y)
        borrowed = unsigned_less(x, y) or unsigned_less(partial, borrow)
        total = (wrapping_sub(partial, borrow), *total)
        borrow = int(borrowed)
    return total


def times_word(a: tuple[int, ...], b: int) -> tuple[int, ...]:
    """a * b, every bit of it: a word more than a has."""
    product = (wrapping_mul(a[-1], b),)  # type: tuple[int, ...]
    carry = multiply_high(a[-1], b)
    for x in reversed(a[:-1]):
        low = wrapping_mul(x, b)
        whole = wrapping_add(low, carry)
        carry = wrapping_add(multiply_high(x, b), int(unsigned_less(whole, low)))
        product = (whole, *product)
    return (carry, *product)


def moved_down(a: tuple[int, ...], places: int) -> tuple[int, ...]:
    """a >> places, for a number of places between 0 and 64 that is known when the lane is compiled."""
    lower = tuple(joined(a[n - 1], a[n], places) for n in range(1, len(a)))
    return (logical_shift_right(a[0], places), *lower)


def upper_product_of_three(a: Three, b: Three) -> Three:
    """The upper 192 bits of a * b, or up to 5 less: the products of the lowest words are left out."""
    (h0, l0), (h1, l1), (h2, l2) = whole_product(a[0], b[0]), whole_product(a[0], b[1]), whole_product(a[1], b[0])
    low, carries = l1, 0
    for each in (l2, multiply_high(a[0], b[2]), multiply_high(a[1], b[1]), multiply_high(a[2], b[0])):
        low = wrapping_add(low, each)
        carries += int(unsigned_less(low, each))
    middle, above = l0, 0
    for each in (h1, h2, carries):
        middle = wrapping_add(middle, each)
        above += int(unsigned_less(middle, each))
    return wrapping_add(h0, above), middle, low
