"""Sums over the members."""

from __future__ import annotations

from dag import Vector, sum_seq
from lanes.cross_section.members import Mask, count, members


def total(x: Vector[float], mask: Mask = None) -> float:
    """The sum of the members from +0.0, first to last."""
    return sum_seq((v for v, is_in in zip(x, members(x, mask), strict=True) if is_in), 0.0)


def mean(x: Vector[float], mask: Mask = None) -> float:
    """`total`, divided by the number of members; 0.0 of none."""
    return total(x, mask) / max(count(x, mask), 1.0)
