"""What an instance knows of its own outcomes: mean, variance and three quantiles, in 30 words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import domain, lane, params, unit
from lanes.distrack.ewma_stats import EwmaStats, ewma_stats
from lanes.distrack.p2_quantile import P2Quantile, p2_quantile


@params
class OutcomeDistribution:
    """The weight of the newest value in mean and variance, and which quantiles."""

    alpha: Annotated[float, unit("frac"), domain(0.0, 1.0)] = 0.05
    low: Annotated[float, unit("frac"), domain(0.0, 1.0)] = 0.05
    middle: Annotated[float, unit("frac"), domain(0.0, 1.0)] = 0.5
    high: Annotated[float, unit("frac"), domain(0.0, 1.0)] = 0.95


@dataclass(frozen=True)
class Distribution:
    """A rolling mean and variance, and three quantiles of everything so far; warm from the fifth value on."""

    mean: float
    variance: float
    low: float
    middle: float
    high: float
    warm: bool


@lane
def outcome_distribution(x: float, p: OutcomeDistribution) -> Distribution:
    """`ewma_stats` and three `p2_quantile` of one stream: the distribution that every instance of a graph can afford.

    Units    plain numbers
    State    3 + 3 * 9 words
    Edges    as those of its parts
    """
    moments = ewma_stats(x, EwmaStats(alpha=p.alpha))
    low = p2_quantile(x, P2Quantile(quantile=p.low))
    middle = p2_quantile(x, P2Quantile(quantile=p.middle))
    high = p2_quantile(x, P2Quantile(quantile=p.high))
    return Distribution(
        mean=moments.mean,
        variance=moments.variance,
        low=low.value,
        middle=middle.value,
        high=high.value,
        warm=middle.warm,
    )
