"""Where the greatest and the least member stands."""

from __future__ import annotations

from dag import Vector, max_seq, min_seq
from lanes.cross_section.members import Mask, members

_INF = float("inf")


def argmax(x: Vector[float], mask: Mask = None) -> int:
    """The first place of the greatest member; -1 of none."""
    held = members(x, mask)
    best = max_seq((v for v, is_in in zip(x, held, strict=True) if is_in), -_INF)
    found = (i for i, (v, is_in) in enumerate(zip(x, held, strict=True)) if is_in and v == best)
    first = min_seq(found, len(x))
    return first if first < len(x) else -1


def argmin(x: Vector[float], mask: Mask = None) -> int:
    """The first place of the least member; -1 of none."""
    held = members(x, mask)
    best = min_seq((v for v, is_in in zip(x, held, strict=True) if is_in), _INF)
    found = (i for i, (v, is_in) in enumerate(zip(x, held, strict=True)) if is_in and v == best)
    first = min_seq(found, len(x))
    return first if first < len(x) else -1
