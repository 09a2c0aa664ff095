"""Every reason to leave a trade, each by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import domain, lane, params
from lanes.units import Bars, Return


@params
class ExitFlags:
    """Take profit at 95 bps, no stop of its own (a loss of 100 %), and the longest hold: 120 bars, ten minutes at 5 s."""

    tp: Annotated[Return, domain(above=0.0)] = 0.0095
    stop: Annotated[Return, domain(above=0.0)] = 1.0
    max_hold: Annotated[Bars, domain(lo=1)] = 120


@dataclass(frozen=True)
class Exits:
    """Which reasons hold at a bar."""

    take_profit: bool
    held_long: bool
    stop_loss: bool
    hibernate: bool
    ob_tail: bool


@lane
def exit_flags(
    ret: Return,
    bars_held: Annotated[Bars, domain(lo=0)],
    stop_override: Return,
    has_override: bool,
    mc_halt: bool,
    ob_cascade: bool,
    ob_withdrawal: bool,
    p: ExitFlags,
) -> Exits:
    """The five exit conditions of a bar; `exit_priority` makes one reason of them.

    Inputs   ret of `trade_return`; stop_override, a stop of the trade's own such as `liq_guard_stop`, where there is one
    Edges    take profit at tp or above, on the computed bits: 95 bps in decimal may come out just below; long hold at max_hold
             bars; the stop strictly beyond its limit. NaN neither takes profit nor stops.
    Source   the D_LIQ gold backtest ("120+" bars, "> 10.56 %"); the boundary of the take profit is [chosen]
    """
    limit = p.stop
    if has_override:
        limit = stop_override
    return Exits(
        take_profit=ret >= p.tp,
        held_long=bars_held >= p.max_hold,
        stop_loss=-ret > limit,
        hibernate=mc_halt,
        ob_tail=ob_cascade or ob_withdrawal,
    )
