"""How good the best of many looks by luck alone, and what is left when that is taken away.

Ratios are a bar, not a year: SR is the mean of the rewards over their deviation, T the number of bars, g3 their skewness and g4 their
kurtosis, 3 for a normal distribution.

Sources  D. Bailey, M. Lopez de Prado: The Sharpe ratio efficient frontier (2012), The deflated Sharpe ratio (2014); D. Bailey,
         J. Borwein, M. Lopez de Prado, Q. Zhu: The probability of backtest overfitting (2017)
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lanes.elementary import normal_cdf, normal_ppf

Floats = NDArray[np.float64]
#: Euler's constant.
GAMMA = 0.5772156649015329


@dataclass(frozen=True)
class Moments:
    """Of the rewards of each binding [bindings], over as many `bars`: mean, deviation, skewness and kurtosis, NaN where it is still."""

    bars: int
    mean: Floats
    deviation: Floats
    skewness: Floats
    kurtosis: Floats

    @property
    def ratio(self) -> Floats:
        """The Sharpe ratio a bar; 0 for rewards that never change."""
        return np.divide(self.mean, self.deviation, out=np.zeros_like(self.mean), where=self.deviation > 0.0)


def moments(rewards: Floats) -> Moments:
    """Of `rewards` [bars, bindings]. Every sum goes over the bars in their order, so that a binding's do not depend on the others."""
    bars = len(rewards)
    mean = ordered_sum(rewards) / bars
    apart = rewards - mean
    squares = apart * apart
    second, third, fourth = (ordered_sum(each) / bars for each in (squares, squares * apart, squares * squares))
    deviation = np.sqrt(second * bars / max(bars - 1, 1))
    with np.errstate(all="ignore"):
        skewness = third / (second * np.sqrt(second))
        kurtosis = fourth / (second * second)
    return Moments(bars, mean, deviation, skewness, kurtosis)


def ordered_sum(rows: Floats) -> Floats:
    """The sum of all rows, from the first on: a column's does not depend on how many others there are."""
    total = np.zeros(rows.shape[1])
    for row in rows:
        total += row
    return total


def probabilistic_ratio(ratio: float, benchmark: float, bars: int, skewness: float, kurtosis: float) -> float:
    """The probability that the true ratio is above `benchmark`, given the one measured (PSR)."""
    spread = 1.0 - skewness * ratio + (kurtosis - 1.0) / 4.0 * ratio * ratio
    if not spread > 0.0 or bars < 2:
        return math.nan
    return normal_cdf((ratio - benchmark) * math.sqrt(bars - 1) / math.sqrt(spread))


def expected_maximum(trials: int) -> float:
    """The expected greatest of so many independent standard normal numbers; 0 of one."""
    if trials <= 1:
        return 0.0
    return -((1.0 - GAMMA) * normal_ppf(1.0 / trials) + GAMMA * normal_ppf(1.0 / (trials * math.e)))


def deflated_ratio(found: Moments, place: int, benchmark: float) -> float:
    """The probability that the ratio of the binding in `place` is above what the best of all shows by luck (DSR)."""
    ratio, skewness, kurtosis = (float(each[place]) for each in (found.ratio, found.skewness, found.kurtosis))
    return probabilistic_ratio(ratio, benchmark, found.bars, skewness, kurtosis)


def luck_of(found: Moments) -> float:
    """The greatest ratio that so many bindings show by luck: the deviation of their ratios times the expected greatest."""
    ratios = found.ratio
    return float(np.sqrt(np.var(ratios, ddof=1))) * expected_maximum(len(ratios)) if len(ratios) > 1 else 0.0


def probability_of_overfitting(sums: Floats, squares: Floats, bars: Floats) -> float:
    """How often the best on one half of the bars is below the median on the other (PBO), over every choice of half the blocks.

    `sums` and `squares` are those of the rewards [blocks, bindings], `bars` how many each block has [blocks]. Ranks of equals are
    averaged. NaN of fewer than two bindings or blocks.
    """
    blocks, bindings = sums.shape
    if bindings < 2 or blocks < 2:
        return math.nan
    below = chosen = 0
    for half in itertools.combinations(range(blocks), blocks // 2):
        inside = np.isin(np.arange(blocks), half)
        best = int(np.argmax(_ratios(sums[inside], squares[inside], bars[inside])))
        outside = _ratios(sums[~inside], squares[~inside], bars[~inside])
        rank = np.count_nonzero(outside < outside[best]) + (np.count_nonzero(outside == outside[best]) + 1) / 2
        below += rank / (bindings + 1) <= 0.5
        chosen += 1
    return below / chosen


def _ratios(sums: Floats, squares: Floats, bars: Floats) -> Floats:
    count = bars.sum()
    mean = sums.sum(axis=0) / count
    variance = np.maximum(squares.sum(axis=0) / count - mean * mean, 0.0)
    found: Floats = np.divide(mean, np.sqrt(variance), out=np.zeros_like(mean), where=variance > 0.0)
    return found
