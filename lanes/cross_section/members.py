"""Which places count."""

from __future__ import annotations

from typing import Any

from dag import Vector, like, sum_seq

#: The places that may count; None: all.
Mask = Vector[bool] | None


def members(x: Vector[Any], mask: Mask = None) -> Vector[bool]:
    """Where `mask` holds and `x` is not NaN."""
    if mask is None:
        return like(x, (v == v for v in x))
    return like(x, (held and v == v for v, held in zip(x, mask, strict=True)))


def count(x: Vector[float], mask: Mask = None) -> float:
    """How many members there are."""
    return float(sum_seq((1 for is_in in members(x, mask) if is_in), 0))
