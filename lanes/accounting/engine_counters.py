"""What an engine has done so far: exits by reason, leverage, days by the forewarner's colour."""

from __future__ import annotations

from dataclasses import dataclass

from dag import as_unit, carry, lane
from lanes.enums import ExitReason, McStatus
from lanes.units import ConvictionLeverage


@dataclass(frozen=True)
class EngineCounters:
    """How many trades ended for each reason, the mean leverage of all entries (0 before the first), and the kinds of days."""

    take_profits: int
    max_holds: int
    stops: int
    hibernations: int
    ob_tails: int
    entries: int
    mean_lev: ConvictionLeverage
    days: int
    orange_days: int
    red_days: int


@lane
def engine_counters(
    closed: bool, reason: ExitReason, opened: bool, lev: ConvictionLeverage, new_day: bool, status: McStatus
) -> EngineCounters:
    """Count exits by reason, entries and their leverage, and days by their status.

    Units    lev [x_conv]; everything else is a count
    State    every count, and the sum of the leverages in the order of the entries
    Inputs   reason counts where `closed`, lev where `opened`, status where `new_day`: it is the day's
    Edges    a reason of NONE is no reason and is not counted. With the guard of `liq_guard_stop` every stop is a liquidation stop
    Source   the report of the D_LIQ gold backtest
    """
    take_profits = carry(initial=0)
    max_holds = carry(initial=0)
    stops = carry(initial=0)
    hibernations = carry(initial=0)
    ob_tails = carry(initial=0)
    entries = carry(initial=0)
    total = carry(initial=as_unit(0.0, "x_conv"))
    days = carry(initial=0)
    orange_days = carry(initial=0)
    red_days = carry(initial=0)
    take_profits = take_profits + int(closed and reason == ExitReason.TAKE_PROFIT)
    max_holds = max_holds + int(closed and reason == ExitReason.MAX_HOLD)
    stops = stops + int(closed and reason == ExitReason.STOP_LOSS)
    hibernations = hibernations + int(closed and reason == ExitReason.HIBERNATE)
    ob_tails = ob_tails + int(closed and reason == ExitReason.OB_TAIL)
    entries = entries + int(opened)
    total = total + lev if opened else total
    days = days + int(new_day)
    orange_days = orange_days + int(new_day and status == McStatus.ORANGE)
    red_days = red_days + int(new_day and status == McStatus.RED)
    return EngineCounters(
        take_profits=take_profits,
        max_holds=max_holds,
        stops=stops,
        hibernations=hibernations,
        ob_tails=ob_tails,
        entries=entries,
        mean_lev=total / max(float(entries), 1.0),
        days=days,
        orange_days=orange_days,
        red_days=red_days,
    )
