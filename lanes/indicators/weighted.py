"""Averages that weigh by age or by volume."""

from __future__ import annotations

from typing import Annotated

from dag import domain, ieee_div, lane, params, sqrt, sum_seq, window
from lanes.indicators.averages import LONGEST, Average, Period, Quantity


@params
class HullPeriod:
    """Over how many bars, this one included; the averages inside take n, n // 2 and the whole part of its root."""

    n: Annotated[int, domain(4, LONGEST)] = 16


def _weighted(x: Quantity, n: int) -> Average:
    past = window(x, n - 1, longest=LONGEST - 1)
    count = len(past) + 1
    total = sum_seq((float(age + 1) * v for age, v in enumerate(past)), 0.0) + float(count) * x
    return Average(value=total / float(count * (count + 1) // 2), warm=count == n)


@lane
def wma(x: Quantity, p: Period) -> Average:
    """Linearly weighted average of the last n values: 1 for the oldest, n for this bar's.

    Units    those of x
    State    the 249 values before this bar, of which n - 1 count
    Bits     the weighted sum from 0.0, oldest first and this bar last, over k * (k + 1) / 2 for the k values there are
    Source   the textbook definition; TA-Lib's WMA, and `decay_linear` of Kakushadze, 101 Formulaic Alphas (2016)
    """
    return _weighted(x, p.n)


@lane
def hma(x: Quantity, p: HullPeriod) -> Average:
    """Hull's moving average: the weighted average, over root n bars, of twice that of n // 2 bars less that of n.

    Units    those of x
    State    three windows
    Bits     2 * wma(n // 2) - wma(n), then its `wma`
    Edges    warm once the last of the three periods is full
    Source   A. Hull, 2005: WMA(2 * WMA(n/2) - WMA(n), sqrt(n)), halves and roots cut to whole numbers
    """
    slow = _weighted(x, p.n)
    smooth = _weighted(2.0 * _weighted(x, p.n // 2).value - slow.value, int(sqrt(float(p.n))))
    settled = window(slow.warm, int(sqrt(float(p.n))) - 1, longest=LONGEST - 1)
    return Average(value=smooth.value, warm=slow.warm and smooth.warm and all(settled))


@lane
def vwma(x: Quantity, volume: Annotated[Quantity, domain(lo=0.0)], p: Period) -> Average:
    """Average of the last n values, each weighted by its volume.

    Units    those of x
    State    the 249 values and volumes before this bar, of which n - 1 count
    Bits     both sums from 0.0, oldest first and this bar last
    Edges    NaN where there was no volume at all (0 / 0)
    Source   the textbook definition
    """
    values = window(x, p.n - 1, longest=LONGEST - 1)
    volumes = window(volume, p.n - 1, longest=LONGEST - 1)
    weighted = sum_seq((v * w for v, w in zip(values, volumes, strict=True)), 0.0) + x * volume
    return Average(value=ieee_div(weighted, sum_seq(volumes, 0.0) + volume), warm=len(values) == p.n - 1)
