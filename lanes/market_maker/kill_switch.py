"""Stopping for good."""

from __future__ import annotations

from typing import Annotated

from dag import carry, lane, unit
from lanes.enums import KillReason
from lanes.market_maker.kill_limits import Limits
from lanes.units import Usd

Pnl = Annotated[float, unit("usd")]


@lane
def kill_switch(pnl: Pnl, pos_value: Usd, limits: Limits) -> KillReason:
    """Why trading has to stop; once there is a reason it stays until the lane is reset.

    Units    [usd]; pnl is that of the day so far
    State    the first reason, and the day's peak, which begins at 0 and is followed after a trip as well
    Edges    all limits are strict: a loss of just 5 % goes on. A fall from the peak counts once the peak has reached min_peak
    Source   the market maker's redesign
    [chosen] the order: loss, fall, position
    """
    tripped = carry(initial=KillReason.NONE)
    peak = carry(initial=0.0)
    peak = max(peak, pnl)
    over = KillReason.POSITION if pos_value > limits.pos else KillReason.NONE
    fallen = KillReason.DRAWDOWN if peak >= limits.min_peak and peak - pnl > limits.dd else over
    found = KillReason.DAILY_LOSS if -pnl > limits.loss else fallen
    tripped = found if tripped == KillReason.NONE else tripped
    return tripped
