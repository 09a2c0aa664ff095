"""How far the position swung in the last five minutes."""

from __future__ import annotations

import math
from typing import Annotated

from dag import as_unit, carry, domain, floor, ieee_div, lane, params, unit
from lanes.units import Contracts, Seconds

#: How many buckets are carried, and the end of the clock: slots then fit 64 bits.
RING, LAST_SECOND = 30, float(1 << 50)

Clock = Annotated[Seconds, domain(-LAST_SECOND, LAST_SECOND)]


@params
class PositionSwing:
    """How long a bucket is, and how many of them count: 30 of 10 seconds are five minutes."""

    bucket_s: Annotated[Seconds, domain(0.001, 1e9)] = 10.0
    buckets: Annotated[int, domain(1, RING)] = 30


@lane
def position_swing_5m(
    pos: Contracts, t: Clock, max_pos: Annotated[Contracts, domain(above=0.0)], p: PositionSwing
) -> Annotated[float, unit("frac")]:
    """Highest less lowest position of the last `buckets` buckets, in units of the largest allowed position.

    Units    positions [contracts], t and bucket_s [s], result a fraction
    State    lowest and highest position of thirty buckets, a bucket of slot s in place s mod 30; the slot and the position of the
             tick before, and the first slot
    Bits     slots are floor(t / bucket_s); (highest - lowest) / max_pos
    Edges    buckets without a tick hold the position of the last tick before them; a clock that steps back stands still
    Source   the market maker's redesign, which asks for a swing over five minutes
    [chosen] constant memory: 30 buckets of 10 s cover 290 to 300 s
    """
    lows = carry(initial=(as_unit(0.0, "contracts"),) * RING)
    highs = carry(initial=(as_unit(0.0, "contracts"),) * RING)
    first = carry(initial=0)
    last = carry(initial=0)
    held = carry(initial=as_unit(0.0, "contracts"))
    started = carry(initial=False)
    ticked = int(floor(as_unit(t / p.bucket_s, "1")))
    slot = max(ticked, last) if started else ticked
    first = first if started else slot
    place_now = slot % RING
    low = as_unit(math.inf, "contracts")
    high = as_unit(-math.inf, "contracts")
    new_lows = lows[:0]
    new_highs = highs[:0]
    for place in range(RING):
        age = place_now - place if place_now >= place else place_now - place + RING
        there = slot - age
        # Slots that passed since the last tick held its position; the very first tick finds none.
        passed = started and there > last
        a = held if passed else lows[place]
        b = held if passed else highs[place]
        fresh = age == 0
        begins = fresh and not started
        a = pos if begins else (min(a, pos) if fresh else a)
        b = pos if begins else (max(b, pos) if fresh else b)
        counts = age < p.buckets and there >= first
        low = min(low, a) if counts else low
        high = max(high, b) if counts else high
        new_lows = (*new_lows, a)
        new_highs = (*new_highs, b)
    lows = new_lows
    highs = new_highs
    last = slot
    held = pos
    started = True
    swing = ieee_div(high - low, max_pos)
    return swing
