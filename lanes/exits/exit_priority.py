"""One reason an exit."""

from __future__ import annotations

from dataclasses import dataclass

from dag import lane, params
from lanes.enums import ExitReason


@params
class ExitPriority:
    """Which reason is given where several hold: safety first [chosen]. A reason that is not listed never closes a trade."""

    first: ExitReason = ExitReason.HIBERNATE
    second: ExitReason = ExitReason.STOP_LOSS
    third: ExitReason = ExitReason.OB_TAIL
    fourth: ExitReason = ExitReason.TAKE_PROFIT
    fifth: ExitReason = ExitReason.MAX_HOLD


@dataclass(frozen=True)
class Exit:
    """The reason, NONE where the trade goes on, and whether there is one."""

    reason: ExitReason
    exit: bool


@lane
def exit_priority(
    take_profit: bool, held_long: bool, stop_loss: bool, hibernate: bool, ob_tail: bool, p: ExitPriority
) -> Exit:
    """The first reason, in the order of the parameters, that holds. All of them stay visible in `exit_flags`.

    Source   the D_LIQ gold backtest lists the reasons without an order
    """
    reason = ExitReason.NONE
    found = False
    for listed in (p.first, p.second, p.third, p.fourth, p.fifth):
        holds = (
            (take_profit and listed == ExitReason.TAKE_PROFIT)
            or (held_long and listed == ExitReason.MAX_HOLD)
            or (stop_loss and listed == ExitReason.STOP_LOSS)
            or (hibernate and listed == ExitReason.HIBERNATE)
            or (ob_tail and listed == ExitReason.OB_TAIL)
        )
        reason = listed if holds and not found else reason
        found = found or holds
    return Exit(reason=reason, exit=found)
