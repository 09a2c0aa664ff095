"""Values in proportion to all of them."""

from __future__ import annotations

from dag import V, like, sqrt
from lanes.cross_section.members import Mask, count, members
from lanes.cross_section.totals import mean, total


def zscore(x: V, mask: Mask = None) -> V:
    """The distance from the mean in standard deviations of the population; 0.0 where they are 0.0, and for who is no member."""
    centre = mean(x, mask)
    squares = like(x, ((v - centre) * (v - centre) for v in x))
    root = sqrt(total(squares, mask) / max(count(x, mask), 1.0))
    held = zip(x, members(x, mask), strict=True)
    return like(x, ((v - centre) / root if is_in and root != 0.0 else 0.0 for v, is_in in held))


def scale(x: V, to: float, mask: Mask = None) -> V:
    """`x` in proportion, so that the absolute values of the members have the total `to`; 0.0 where they have none, and for who
    is no member."""
    gross = total(abs(x), mask)
    share = 0.0 if gross == 0.0 else to / gross
    held = zip(x, members(x, mask), strict=True)
    return like(x, (v * share if is_in and gross != 0.0 else 0.0 for v, is_in in held))
