"""The ceilings of a position, together."""

from __future__ import annotations

from dag import lane
from lanes.units import Size


@lane
def pre_eff_max_position(margin_capacity: Size, configured: Size, capital_max: Size) -> Size:
    """The smallest of the three ceilings: of the margin, of the configuration, of the capital.

    Units    [contracts]
    Source   the market maker's redesign
    """
    max_pos = min(min(margin_capacity, configured), capital_max)  # dagc: allow W023 the least of the numbers
    return max_pos
