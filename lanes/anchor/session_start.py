"""Telling the first tick of a session that goes on from the last one's baseline."""

from __future__ import annotations

from dag import carry, lane, persistent
from lanes.anchor.basis_baseline import MAX_AGE


@lane
def session_start(count: int) -> bool:
    """Whether this is the first tick of a session whose baseline was restored warm; `count` is that of `basis_baseline`.

    State    whether the session has begun, for the session; the count at the end of the tick before, for as long as the baseline
             itself lasts
    Edges    false on the first tick of all, after a cold start, and after a restore within one session
    Source   the dual-signal calibration of the CLOB/AMM anchor: a restored baseline does not warm up again
    """
    opening = carry(initial=True)
    known = carry(initial=0, lifetime=persistent(max_age=MAX_AGE))
    restored = opening and known > 0
    opening = False
    known = count
    return restored
