"""Whether the residual may be trusted yet."""

from __future__ import annotations

from typing import Annotated

from dag import as_unit, carry, domain, lane, params
from lanes.units import Bps, Cycles

#: Longer than any session: the counters stop here.
MOST_TICKS = 1 << 31


@params
class AnchorWarmup:
    """Ticks until trust, or that many quiet ones in a row."""

    warmup_ticks: Annotated[Cycles, domain(1, MOST_TICKS)] = 50
    stable_bps: Annotated[Bps, domain(lo=0.0)] = 1.0
    stable_n: Annotated[Cycles, domain(1, MOST_TICKS)] = 20


@lane
def anchor_warmup(residual: Bps, restored: bool, p: AnchorWarmup) -> bool:
    """Whether the anchor is still warming after this tick.

    Units    residual and stable_bps [bps], counts [ticks_t]
    State    whether it warms, ticks since the session began, quiet ticks in a row; cold start is (yes, 0, 0)
    Edges    clears after warmup_ticks ticks, or stable_n in a row with |residual| <= stable_bps, just there included; never
             set again in a session. `restored` on a tick ends it at once: the baseline came from the last session.
             A residual that is NaN is not quiet.
    Source   the dual-signal calibration of the CLOB/AMM anchor: 50 ticks or stability within 1 bps; a run of 20 is [chosen]
    """
    warming = carry(initial=True)
    ticks = carry(initial=0)
    run = carry(initial=0)
    counting = warming and not restored
    seen = min(ticks + 1, MOST_TICKS)
    quiet = min(run + 1, MOST_TICKS) if abs(residual) <= p.stable_bps else 0
    done = seen >= as_unit(p.warmup_ticks, "1") or quiet >= as_unit(p.stable_n, "1")
    ticks = seen if counting else ticks
    run = quiet if counting else run
    warming = counting and not done
    return warming
