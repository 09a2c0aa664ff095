"""Normal draws, by inversion: one block, one draw."""

from __future__ import annotations

from dag import lane
from lanes.distrack.philox import RandomKey
from lanes.draws.counter import Bar, Number, Purpose, Serial, block_of
from lanes.draws.uniform import open_unit
from lanes.elementary.normal import normal_ppf


@lane
def gaussian_draw(number: Number, bar: Bar, serial: Serial, purpose: Purpose, p: RandomKey) -> float:
    """A draw from the standard normal distribution, at most 8.21 from 0.

    Units    plain numbers
    Bits     `normal_ppf` of `uniform_draw`
    Error    the distribution is within 2^-53 of the normal one, but for the rounding of `normal_ppf`
    """
    high, low, _, _ = block_of(number, bar, serial, purpose, (p.key_low, p.key_high))
    z = normal_ppf(open_unit(high, low))
    return z
