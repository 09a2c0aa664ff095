"""What a day has come to so far; on its last bar, the row of the end-of-day table."""

from __future__ import annotations

from dataclasses import dataclass

from dag import as_unit, carry, lane
from lanes.units import Bars, Pnl


@dataclass(frozen=True)
class DayTotals:
    """Bars, entries and closed trades of the day, and what these earned."""

    bars: Bars
    entries: int
    trades: int
    pnl: Pnl


@lane
def day_totals(new_day: bool, opened: bool, closed: bool, pnl: Pnl) -> DayTotals:
    """Totals that begin again on the first bar of a day, that bar included.

    Units    pnl [usd], counted where `closed`, in the order of the trades
    State    the four totals
    Source   the end-of-day report of the D_LIQ gold backtest. `lanes.batch.day_table` takes the last bar of each day
    """
    bars = carry(initial=0)
    entries = carry(initial=0)
    trades = carry(initial=0)
    earned = carry(initial=as_unit(0.0, "usd"))
    bars = (0 if new_day else bars) + 1
    entries = (0 if new_day else entries) + int(opened)
    trades = (0 if new_day else trades) + int(closed)
    before = 0.0 if new_day else earned
    earned = before + pnl if closed else before
    return DayTotals(bars=as_unit(bars, "bars"), entries=entries, trades=trades, pnl=earned)
