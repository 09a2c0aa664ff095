"""Does the traded asset already move the trade's way?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import as_unit, carry, domain, lane, params
from lanes.enums import DcStatus, Side
from lanes.units import Bars, Bps, Price

#: The longest lookback: how many earlier prices are carried.
RING = 7


@params
class DirectionConfirm:
    """How far back to look, and how large a move counts."""

    lookback: Annotated[Bars, domain(1, RING)] = 7
    min_bps: Annotated[Bps, domain(lo=0.0)] = 0.75
    on: bool = True


@dataclass(frozen=True)
class Direction:
    """The verdict, and the move it rests on (0 while there is none)."""

    verdict: DcStatus
    move_bps: Bps


@lane
def direction_confirm(price: Price, side: Side, p: DirectionConfirm) -> Direction:
    """CONFIRM, CONTRADICT or NEUTRAL from the move over the last `lookback` bars.

    Units    price [px], the move and its threshold [bps]
    State    the seven prices before this bar, oldest first, and how many of them are real
    Edges    NEUTRAL with a move of 0 while switched off or with fewer than lookback + 1 prices; exactly min_bps is NEUTRAL.
             The comparison is on the computed move: 0.75 bps in decimal may come out a hair below.
    Source   the direction check of the D_LIQ gold backtest (7 bars, 0.75 bps) and of the VIOLET V3 sizing
    [chosen] the move is first to last over the window, thresholds are strict, and nothing is random
    """
    ring = carry(initial=(price,) * RING)
    seen = carry(initial=0)
    warm = seen >= as_unit(p.lookback, "1")
    before = ring[0]
    for age in range(1, RING):
        before = ring[RING - age] if p.lookback == age else before
    ring = (*ring[1:], price)
    seen = min(seen + 1, RING)
    if not p.on or not warm:
        return Direction(verdict=DcStatus.NEUTRAL, move_bps=0.0)
    move = as_unit(((price - before) / before) * 10000.0, "bps")
    favourable = side * move
    against = DcStatus.CONTRADICT if favourable < -p.min_bps else DcStatus.NEUTRAL
    verdict = DcStatus.CONFIRM if favourable > p.min_bps else against
    return Direction(verdict=verdict, move_bps=move)
