"""Random numbers from a counter: Philox4x32-10. Integers only, so every backend draws the same bits."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from dag import carry, domain, lane, params, wrapping_mul

MASK_32 = (1 << 32) - 1
ROUNDS = 10
#: The two multipliers, and what is added to the two key words between rounds.
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
STEPS = (0x9E3779B9, 0xBB67AE85)
#: The smallest step between two results of `uniform`.
TWO_TO_MINUS_53 = 2.0**-53

#: 32 bits, counted from 0.
Word: TypeAlias = Annotated[int, domain(0, MASK_32)]
Block: TypeAlias = tuple[Word, Word, Word, Word]


@params
class RandomKey:
    """Which sequence: two key words. Different keys give sequences that have nothing to do with each other."""

    key_low: Word
    key_high: Word = 0


def high_and_low(a: int, b: int) -> tuple[int, int]:
    """The upper and lower 32 bits of the product of two 32-bit words."""
    product = wrapping_mul(a, b)  # the low 64 bits, and there are no more
    return (product >> 32) & MASK_32, product & MASK_32


def philox_block(counter: Block, key: tuple[int, int]) -> Block:
    """The four random 32-bit words of a counter of four words under a key of two.

    Source   Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3 (SC11)
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(ROUNDS):
        high0, low0 = high_and_low(MULTIPLIERS[0], c0)
        high1, low1 = high_and_low(MULTIPLIERS[1], c2)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = (k0 + STEPS[0]) & MASK_32, (k1 + STEPS[1]) & MASK_32
    return c0, c1, c2, c3


@lane
def philox(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> Block:
    """Philox4x32-10 without state: the same counter and key always give the same four words.

    Units    32-bit words, held in [0, 2^32)
    Source   as `philox_block`; the published known answers of Random123 are among the tests
    """
    block = philox_block((c0, c1, c2, c3), (k0, k1))
    return block


@lane
def uniform(p: RandomKey) -> float:
    """The next number of a sequence, even on [0, 1): a multiple of 2^-53.

    State    one word, how many were drawn: number n of a key is a function of n and the key alone
    Bits     the upper 53 bits of the first two words of block n
    """
    drawn = carry(initial=0)
    c0 = drawn & MASK_32
    c1 = (drawn >> 32) & MASK_32
    high, low, _, _ = philox_block((c0, c1, 0, 0), (p.key_low, p.key_high))
    drawn = drawn + 1
    result = float((high << 21) | (low >> 11)) * TWO_TO_MINUS_53
    return result
