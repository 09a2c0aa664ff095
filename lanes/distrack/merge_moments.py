"""Two sets of exponential moments made one."""

from __future__ import annotations

from typing import Annotated

from dag import domain, lane, unit
from lanes.distrack.ewma_stats import Moments


@lane
def merge_moments(a: Moments, b: Moments, share: Annotated[float, unit("frac"), domain(0.0, 1.0)]) -> Moments:
    """Mean and variance of the mixture of two populations, of which `share` is the second.

    Units    plain numbers
    Bits     d = b.mean - a.mean; a.mean + share * d;
             (a.variance + share * (b.variance - a.variance)) + (share * (1 - share)) * (d * d)
    Edges    one that is not warm is left out. In exact numbers the order does not matter; in these, merged(a, b, 0.5) and merged(b, a, 0.5)
             may differ in the last bits.
    """
    d = b.mean - a.mean
    mean = a.mean + share * d
    variance = (a.variance + share * (b.variance - a.variance)) + (share * (1.0 - share)) * (d * d)
    one_mean, one_variance = (a.mean, a.variance) if a.warm else (b.mean, b.variance)
    both = a.warm and b.warm
    return Moments(mean=mean if both else one_mean, variance=variance if both else one_variance, warm=a.warm or b.warm)
