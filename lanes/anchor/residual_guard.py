"""Idling the engine while the market is distorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import as_unit, carry, domain, lane, observes, params
from lanes.enums import GuardEvent, GuardState
from lanes.units import Bps, Cycles, Frac

#: The longest lookback: how many residuals are carried.
RING = 20
#: Longer than any hold: the counter stops here.
MOST_TICKS = 1 << 31


@params
class ResidualGuard:
    """When to idle, and when to come back."""

    lookback: Annotated[Cycles, domain(1, RING)] = 20
    entry_bps: Annotated[Bps, domain(above=0.0)] = 6.0
    sample_bps: Annotated[Bps, domain(above=0.0)] = 5.0
    prevalence: Frac = 0.40
    exit_bps: Annotated[Bps, domain(lo=0.0)] = 3.0
    exit_hold: Annotated[Cycles, domain(1, MOST_TICKS)] = 5


@dataclass(frozen=True)
class Guard:
    """The guard after this tick, what it did, and the two numbers it looks at."""

    mode: GuardState
    event: GuardEvent
    mean: Bps
    prev: Frac


@lane
def residual_guard(residual: Annotated[Bps, observes("raw")], warming: bool, p: ResidualGuard) -> Guard:
    """Idle on distortion, with hysteresis: in at a large mean and many large samples, out after a run of small means.

    Units    residuals and thresholds [bps], counts [ticks_t], prevalence a fraction
    State    the last 20 residuals, oldest first, how many of them are real, whether it idles, small means in a row
    Bits     the mean is summed from 0.0, oldest to newest, over the last `lookback`, and divided by their number
    Edges    in: `lookback` residuals seen, |mean| >= entry_bps and a share >= prevalence with |r| >= sample_bps; out: exit_hold
             ticks in a row with |mean| <= exit_bps, the run beginning anew at each entry. While warming an entry is
             SUPPRESSED; leaving is not. With a baseline that follows, a lasting shift of the basis is absorbed and the
             guard lets go by itself.
    Source   the dual-signal calibration of the CLOB/AMM anchor: 20 ticks, 6 bps, 40 %, samples of 5 bps
    [chosen] that mean and share both have to be reached; 3 bps for 5 ticks
    """
    ring = carry(initial=(as_unit(0.0, "bps"),) * RING)
    seen = carry(initial=0)
    mode = carry(initial=GuardState.ACTIVE)
    run = carry(initial=0)
    ring = (*ring[1:], residual)
    seen = min(seen + 1, RING)
    lookback = as_unit(p.lookback, "1")
    held = min(seen, lookback)
    total = as_unit(0.0, "bps")
    hit = 0.0
    for place in range(RING):
        counts = RING - place <= held
        total = total + ring[place] if counts else total
        hit = hit + 1.0 if counts and abs(ring[place]) >= p.sample_bps else hit
    n = float(held)
    mean = total / n
    prev = hit / n
    is_active = mode == GuardState.ACTIVE
    distorted = seen >= lookback and abs(mean) >= p.entry_bps and prev >= p.prevalence
    enters = is_active and distorted and not warming
    suppressed = is_active and distorted and warming
    quiet = min(run + 1, MOST_TICKS) if abs(mean) <= p.exit_bps else 0
    leaves = not is_active and quiet >= as_unit(p.exit_hold, "1")
    run = run if is_active and not enters else (0 if enters or leaves else quiet)
    moved = GuardEvent.ENTER if enters else (GuardEvent.EXIT if leaves else GuardEvent.NONE)
    event = GuardEvent.SUPPRESSED if suppressed else moved
    mode = GuardState.IDLE if enters else (GuardState.ACTIVE if leaves else mode)
    return Guard(mode=mode, event=event, mean=mean, prev=prev)
