"""Limiting a value to an interval."""

from __future__ import annotations


def clamp(x: float, lo: float, hi: float) -> float:
    """`x` limited to [lo, hi]: first from below, then from above, so `hi` wins where the ends cross.

    Units    one unit for all three, which the result keeps
    Edges    NaN stays NaN (it is the first argument both times); -0.0 at a lower end of 0.0 stays -0.0
    """
    return min(max(x, lo), hi)
