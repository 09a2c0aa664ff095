"""Mean and variance of a stream, the recent past weighing most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import carry, domain, lane, params, unit
from lanes.num.is_finite import is_finite


@params
class EwmaStats:
    """How much the newest value weighs: 1 forgets everything else, 0 never leaves the first value."""

    alpha: Annotated[float, unit("frac"), domain(0.0, 1.0)]


@dataclass(frozen=True)
class Moments:
    """The weighted mean and variance, and whether any value has come."""

    mean: float
    variance: float
    warm: bool


@lane
def ewma_stats(x: float, p: EwmaStats) -> Moments:
    """Exponentially weighted mean and variance.

    Units    plain numbers; the variance is in the square of what the mean is in
    State    mean, variance, and whether there was a first value; cold start is (0, 0, no)
    Bits     d = x - mean; mean + alpha * d; (1 - alpha) * (variance + (alpha * d) * d)
    Edges    the first value is the mean, with a variance of 0. A value that is not finite changes nothing: the result is then
             what it was before. Where d overflows, the mean becomes infinite and later NaN, as IEEE has it.
    Source   West (1979), Communications of the ACM 22(9); Finch (2009), incremental calculation of weighted mean and variance
    """
    mean = carry(initial=0.0)
    variance = carry(initial=0.0)
    seeded = carry(initial=False)
    usable = is_finite(x)
    d = x - mean
    next_mean = mean + p.alpha * d if seeded else x
    next_variance = (1.0 - p.alpha) * (variance + (p.alpha * d) * d) if seeded else 0.0
    mean = next_mean if usable else mean
    variance = next_variance if usable else variance
    seeded = seeded or usable
    return Moments(mean=mean, variance=variance, warm=seeded)
