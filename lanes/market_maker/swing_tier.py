"""What to do about a swinging position."""

from __future__ import annotations

from typing import Annotated

from dag import domain, lane, params, unit
from lanes.enums import SwingTier

Swing = Annotated[float, unit("frac"), domain(lo=0.0)]
Threshold = Annotated[float, unit("frac"), domain(above=0.0)]


@params
class SwingTiers:
    """Above which swing to widen, to reduce only, to pull all quotes; switched off, a swing has no consequence."""

    widen: Threshold = 1.0
    reduce: Threshold = 1.5
    pull: Threshold = 2.0
    on: bool = True


@lane
def swing_tier(swing: Swing, p: SwingTiers) -> SwingTier:
    """The answer to a swing. Thresholds are strict: exactly 1.0 is OK.

    Units    fractions of the largest allowed position
    Source   the market maker's redesign: 1.0, 1.5, 2.0
    """
    widened = SwingTier.WIDEN if swing > p.widen else SwingTier.OK
    reduced = SwingTier.REDUCE_ONLY if swing > p.reduce else widened
    tier = SwingTier.PULL if swing > p.pull else reduced
    return tier if p.on else SwingTier.OK
