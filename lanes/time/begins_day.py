"""The first bar of a day."""

from __future__ import annotations

from dag import carry, lane


@lane
def begins_day(day: int) -> bool:
    """Whether this bar is the first of a day: the first of all, or one whose day differs from that of the bar before.

    State    the day of the bar before, and whether there was one
    Use      `f(x, when=begins_day(day), initial=...)` decides `f` once a day and keeps it until the next
    Source   the D_LIQ gold backtest, whose day values are decided by begin_day and hold until the next
    """
    last = carry(initial=0)
    started = carry(initial=False)
    begins = not started or day != last
    last = day
    started = True
    return begins
