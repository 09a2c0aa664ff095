"""Which draw it is: a key and a counter of four words, so that no draw depends on another."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from dag import domain
from lanes.distrack.philox import MASK_32, Block, philox_block

#: Bits of a serial and of a bar.
SERIAL_BITS, BAR_BITS = 40, 40

#: The number of a draw among those of one instance on one bar for one purpose.
Number: TypeAlias = Annotated[int, domain(0, MASK_32)]
#: A bar, counted from 0.
Bar: TypeAlias = Annotated[int, domain(0, (1 << BAR_BITS) - 1)]
#: Who draws: 0 is the policy, instances count from 1 in the order of birth.
Serial: TypeAlias = Annotated[int, domain(0, (1 << SERIAL_BITS) - 1)]
#: What for; see the constants below.
Purpose: TypeAlias = Annotated[int, domain(0, 255)]

#: 0 is `lanes.distrack.uniform`'s, whose last two counter words are 0.
ARM, THOMPSON, EXPLOIT, EXPLORE, BOOTSTRAP, BIRTH, MULTIPLIER = range(1, 8)


def block_of(number: int, bar: int, serial: int, purpose: int, key: tuple[int, int]) -> Block:
    """The four random words of one draw.

    The counter is the number, the low 32 bits of the bar and of the serial, and purpose 2^16 + (bar >> 32) 2^8 + (serial >> 32).
    """
    upper = (purpose << 16) + ((bar >> 32) << 8) + (serial >> 32)
    return philox_block((number, bar & MASK_32, serial & MASK_32, upper), key)
