"""Does a sizer draw the curve that was recorded?"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dag import ieee_div, sum_seq
from lanes.batch.order_statistics import median
from lanes.num.clamp import clamp

#: What passes [chosen]; the study this is from had a correlation of 0.9998 and an error of 0.238.
LEAST_CORRELATION, LARGEST_ERROR = 0.999, 0.25


@dataclass(frozen=True)
class Parity:
    """Pearson's correlation of the two curves, their largest distance [x_conv], and whether both pass."""

    correlation: float
    error: float
    passes: bool


def pearson(x: Sequence[float], y: Sequence[float]) -> float:
    """Pearson's correlation, limited to [-1, 1]; sums from left to right. NaN where one of the two does not vary."""
    count = float(len(x))
    mean_x, mean_y = ieee_div(sum_seq(tuple(x)), count), ieee_div(sum_seq(tuple(y)), count)
    sxy = sxx = syy = 0.0
    for a, b in zip(x, y, strict=True):
        dx, dy = a - mean_x, b - mean_y
        sxy = sxy + dx * dy
        sxx = sxx + dx * dx
        syy = syy + dy * dy
    return clamp(ieee_div(sxy, math.sqrt(sxx * syy)), -1.0, 1.0)


def curve_parity(
    vel_div: Sequence[float],
    recorded: Sequence[float],
    sizer: Callable[[float], float],
    lo: float = -0.06,
    hi: float = -0.02,
    width: float = 0.0025,
    min_rows: int = 5,
) -> Parity:
    """Compare `sizer` with recorded leverages by their medians in bins of vel_div.

    Inputs   vel_div [vd] and recorded [x_conv], a row each; sizer, from vel_div to leverage
    Method   bins of `width` on [lo, hi); those with fewer than `min_rows` rows do not count; the sizer is asked at the bin's
             median vel_div
    Errors   ValueError where the two differ in length or fewer than two bins have enough rows
    Source   the VIOLET V3 parity study; bins and limits are [chosen]
    """
    bins: dict[int, list[tuple[float, float]]] = {}
    for v, lev in zip(vel_div, recorded, strict=True):
        if lo <= v < hi:
            bins.setdefault(math.floor((v - lo) / width), []).append((v, lev))
    full = [bins[k] for k in sorted(bins) if len(bins[k]) >= min_rows]
    if len(full) < 2:
        raise ValueError(f"curve_parity: {len(full)} bins of [{lo}, {hi}) have {min_rows} rows; a curve takes two")
    modelled = [sizer(median([v for v, _ in rows])) for rows in full]
    seen = [median([lev for _, lev in rows]) for rows in full]
    error = 0.0
    for a, b in zip(modelled, seen, strict=True):
        error = max(error, abs(a - b))
    correlation = pearson(modelled, seen)
    return Parity(correlation, error, correlation >= LEAST_CORRELATION and error <= LARGEST_ERROR)
