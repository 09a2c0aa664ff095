"""Even draws: a number between 0 and 1, neither of them included, and a whole number below a bound."""

from __future__ import annotations

from typing import Annotated

from dag import domain, lane
from lanes.distrack.philox import TWO_TO_MINUS_53, RandomKey
from lanes.draws.counter import Bar, Number, Purpose, Serial, block_of

#: How the 52 bits are made of two words: all of the first, and of the second all but its last 12.
FROM_LOW, DROPPED = 20, 12


def open_unit(high: int, low: int) -> float:
    """The odd multiple of 2^-53 that the upper 52 bits of two words name: exact, and never 0 or 1."""
    k = (high << FROM_LOW) | (low >> DROPPED)
    return float(2 * k + 1) * TWO_TO_MINUS_53


def index_below(n: int, word: int) -> int:
    """A whole number below `n`, at most 2^31, from one word: (word n) >> 32."""
    return (word * n) >> 32


@lane
def uniform_draw(number: Number, bar: Bar, serial: Serial, purpose: Purpose, p: RandomKey) -> float:
    """A number between 0 and 1, even over the odd multiples of 2^-53.

    Units    plain numbers
    Bits     k = the upper 52 bits of the first two words of the block; float(2k + 1) * 2^-53
    Error    the distribution is within 2^-53 of the even one
    Source   Salmon et al. (2011) for the words
    """
    high, low, _, _ = block_of(number, bar, serial, purpose, (p.key_low, p.key_high))
    u = open_unit(high, low)
    return u


@lane
def index_draw(
    n: Annotated[int, domain(1, 1 << 31)], number: Number, bar: Bar, serial: Serial, purpose: Purpose, p: RandomKey
) -> int:
    """A whole number from 0 to n - 1.

    Bits     (n times the first word of the block) >> 32
    Error    each has its probability to within 2^-32
    Source   Lemire (2019), Fast random integer generation in an interval, without the rejection
    """
    word, _, _, _ = block_of(number, bar, serial, purpose, (p.key_low, p.key_high))
    index = index_below(n, word)
    return index
