"""A period of its own for every action of a reactor that is driven by events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from dag import carry, domain, lane, params, unit

#: The end of the clock, the year 2116, and how far a phase may shift it: differences of slots then fit 64 bits.
LAST_TIME, LARGEST_PHASE = 1 << 62, 1 << 60
#: A moment of the clock, from 1970 on.
Time: TypeAlias = Annotated[int, unit("ns"), domain(0, LAST_TIME)]


@params
class CadenceQ:
    """The period, and by how much its slots begin later than the clock. A period of 0 is every event."""

    q: Annotated[int, unit("ns"), domain(lo=0)]
    phase: Annotated[int, unit("ns"), domain(-LARGEST_PHASE, LARGEST_PHASE)] = 0


@dataclass(frozen=True)
class Cadence:
    """Whether the action is due, and how many slots passed without an event."""

    fire: bool
    missed: int


@lane
def cadence_q(t: Time, p: CadenceQ) -> Cadence:
    """Due in the first event of every slot of length q: the `when=` of lanes that update less often than the clock.

    Units    t, q and phase [ns]; a cadence in cycles is the cycle's number as t, and q in cycles
    State    the slot of the last action, and whether there was one
    Edges    slots are floor((t - phase) / q), before the phase as well; the first event is due and has missed nothing; time
             running backwards is never due and moves nothing; q = 0 is always due and leaves the slot alone
    Source   the cadence control plane of the reactor; slots by floor and the first event [chosen]
    """
    last = carry(initial=0)
    acted = carry(initial=False)
    if p.q == 0:
        return Cadence(fire=True, missed=0)
    slot = (t - p.phase) // p.q
    is_first = not acted
    is_later = slot > last
    missed = slot - last - 1 if is_later and not is_first else 0
    fire = is_first or is_later
    last = slot if fire else last
    acted = True
    return Cadence(fire=fire, missed=missed)


#: The engine's scan: 5 seconds.
ENGINE_SCAN = CadenceQ(q=5_000_000_000)
#: A tick of the anchor: 4 seconds.
ANCHOR_TICK = CadenceQ(q=4_000_000_000)
#: The Monte Carlo forewarner: 4 hours.
MC_FOREWARNER = CadenceQ(q=14_400_000_000_000)
#: The esoteric factors: 6 hours.
ESOTERIC_FACTORS = CadenceQ(q=21_600_000_000_000)
#: The Shapley attribution: every 200 cycles, t being the number of the cycle.
SHAPLEY_CYCLES = CadenceQ(q=200)
