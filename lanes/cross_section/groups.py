"""What the members of a group have in common, taken out."""

from __future__ import annotations

from typing import Any

from dag import V, Vector, like, members_in
from lanes.cross_section.members import Mask, members
from lanes.cross_section.totals import mean


def neutralise(x: V, by: Vector[Any], mask: Mask = None) -> V:
    """`x` less the mean of its group's members, `by` saying the member of an Enum that each place's group is; 0.0 for who is no
    member."""
    left = like(x, (0.0 for _ in x))
    for group in members_in(by):
        inside = like(x, (is_in and each == group for is_in, each in zip(members(x, mask), by, strict=True)))
        centre = mean(x, inside)
        left = like(x, (v - centre if is_in else rest for v, rest, is_in in zip(x, left, inside, strict=True)))
    return left
