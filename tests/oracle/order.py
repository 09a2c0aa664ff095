"""Reference order statistics, from whole histories and Python's own sort.

>>> rolling_median([3.0, 1.0, 2.0], 3), rolling_median([3.0, 1.0], 3), rolling_median([9.0, -0.0, 0.0, 0.0], 3)
((2.0, True), (2.0, False), (0.0, True))
>>> rolling_quantile([4.0, 1.0, 2.0], 3, 0.25), rolling_quantile([4.0, 1.0, 2.0], 3, 0.75), rolling_quantile([5.0], 2, 1.0)
((1.5, True), (3.0, True), (5.0, False))
"""

from __future__ import annotations

import math
from collections.abc import Sequence

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 2

Said = tuple[float, bool]


def ascending(xs: Sequence[float], n: int) -> list[float]:
    """The last n values in order, negative zeros before positive ones."""
    return sorted(xs[-n:], key=lambda x: (x, math.copysign(1.0, x)))


def rolling_median(xs: Sequence[float], n: int) -> Said:
    ordered = ascending(xs, n)
    half, odd = divmod(len(ordered), 2)
    return (ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2.0), len(ordered) == n


def rolling_quantile(xs: Sequence[float], n: int, q: float) -> Said:
    ordered = ascending(xs, n)
    place = (len(ordered) - 1) * q
    below = math.floor(place)
    low, high = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
    t = place - below
    return (high - (high - low) * (1.0 - t) if t >= 0.5 else low + (high - low) * t), len(ordered) == n
