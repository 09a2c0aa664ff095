"""Where the kill switch trips, in dollars."""

from __future__ import annotations

from dataclasses import dataclass

from dag import lane, params
from lanes.units import Frac, Usd


@params
class KillLimits:
    """Shares of capital: the loss of a day, the fall from the day's peak, the least peak that counts as one."""

    loss: Frac = 0.05
    dd: Frac = 0.02
    min_peak: Frac = 0.005


@dataclass(frozen=True)
class Limits:
    """The loss of a day, the fall from its peak, the value of the position, the least peak."""

    loss: Usd
    dd: Usd
    pos: Usd
    min_peak: Usd


@lane
def kill_limits(capital: Usd, max_position_usd: Usd, p: KillLimits) -> Limits:
    """Limits in proportion to capital: 5 and 2 dollars of 100, 500 and 200 of 10 000. The old one was 50 of anything.

    Units    [usd]
    Source   the market maker's redesign: 5 %, 2 %, 0.5 %
    """
    return Limits(loss=capital * p.loss, dd=capital * p.dd, pos=max_position_usd, min_peak=capital * p.min_peak)
