"""Median and percentile of a whole sample."""

from __future__ import annotations

import math
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """The middle value of a sample that is not empty; of an even number the mean of the two middle ones, halved after adding."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2.0


def percentile_of_sample(values: Sequence[float], q: float) -> float:
    """The `q`-quantile (q in [0, 1]) of a sample that is not empty, with the bits of numpy's percentile(method="linear").

    `lanes.num.percentile` is the same for a few values inside a lane. Raises ValueError for an empty sample.
    """
    if not values:
        raise ValueError("percentile_of_sample: the sample is empty")
    ordered = sorted(values)
    place = (len(ordered) - 1) * q
    below = math.floor(place)
    t = place - below
    a, b = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
    d = b - a
    return b - d * (1.0 - t) if t >= 0.5 else a + d * t
