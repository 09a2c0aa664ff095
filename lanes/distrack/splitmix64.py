"""SplitMix64: a generator with one word of state, for choices that need few random bits a bar."""

from __future__ import annotations

from dag import carry, lane, wrapping_add, wrapping_mul

#: Words with the top bit set, as the signed integers that hold them.
STEP = 0x9E3779B97F4A7C15 - (1 << 64)
FIRST_FACTOR = 0xBF58476D1CE4E5B9 - (1 << 64)
SECOND_FACTOR = 0x94D049BB133111EB - (1 << 64)


def shifted_right(word: int, places: int) -> int:
    """A 64-bit word moved right by 1 to 63 places, zeros coming in."""
    return (word >> places) & ((1 << (64 - places)) - 1)


def splitmix64_step(state: int) -> tuple[int, int]:
    """(the next state, the random word), both 64 bits held as signed integers.

    Source   Steele, Lea, Flood (2014), Fast splittable pseudorandom number generators (OOPSLA)
    """
    state = wrapping_add(state, STEP)
    z = wrapping_mul(state ^ shifted_right(state, 30), FIRST_FACTOR)
    z = wrapping_mul(z ^ shifted_right(z, 27), SECOND_FACTOR)
    return state, z ^ shifted_right(z, 31)


def below(bound: int, word: int) -> int:
    """A whole number in [0, bound) from the upper half of a random word: (upper * bound) >> 32, exact for any bound of 63 bits."""
    upper = shifted_right(word, 32)
    low_product = wrapping_mul(upper, bound & ((1 << 32) - 1))
    return wrapping_add(wrapping_mul(upper, shifted_right(bound, 32)), shifted_right(low_product, 32))


@lane
def splitmix64(seed: int) -> int:
    """The next 64 random bits, as a signed integer. `seed` is read at the first bar and then does not matter.

    State    one word
    """
    state = carry(initial=seed)
    state, word = splitmix64_step(state)
    return word
