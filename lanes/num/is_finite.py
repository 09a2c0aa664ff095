"""Telling numbers from NaN and infinities."""

from __future__ import annotations

import math


def is_finite(x: float) -> bool:
    """Whether `x` is neither NaN nor infinite. Any unit."""
    return x == x and x != math.inf and x != -math.inf
