"""Thompson sampling: an arm is played with the probability that it is the best, by drawing once from what is believed of each."""

from __future__ import annotations

from typing import Annotated

from dag import domain, ieee_div, lane, params, sqrt
from lanes.distrack.philox import RandomKey
from lanes.draws.counter import THOMPSON, Bar, Serial
from lanes.draws.gamma import beta_draw
from lanes.draws.gaussian import gaussian_draw
from lanes.policies.upper_confidence import Plays


@params
class GaussianBelief:
    """What is believed of an arm before it is played, and the standard deviation of one reward."""

    mean: Annotated[float, domain(-1e9, 1e9)] = 0.0
    deviation: Annotated[float, domain(1e-9, 1e9)] = 1.0
    noise: Annotated[float, domain(1e-9, 1e9)] = 1.0


#: The largest shape of a Beta distribution, less 1.
MOST_SHAPE = 1e12


def belief(paid: float, total: float, z: float, p: GaussianBelief) -> float:
    """The point z standard deviations from the mean of what is believed of an"""
    precision = 1.0 / (p.deviation * p.deviation) + paid / (p.noise * p.noise)
    mean = ieee_div(p.mean / (p.deviation * p.deviation) + total / (p.noise * p.noise), precision)
    return mean + z * ieee_div(1.0, sqrt(max(precision, 0.0)))


@lane
def thompson_gaussian(paid: Plays, total: float, bar: Bar, serial: Serial, p: GaussianBelief, key: RandomKey) -> float:
    """A draw from the normal posterior of an arm's mean reward.

    Units    those of the reward
    Bits     w = 1.0 / (s0 * s0) + n / (sd * sd); (m0 / (s0 * s0) + S / (sd * sd)) / w + z * (1.0 / sqrt(w))
    Source   Agrawal, Goyal (2013), Further optimal regret bounds for Thompson sampling, AISTATS
    """
    z = gaussian_draw(0, bar, serial, THOMPSON, key)
    return belief(paid, total, z, p)


@lane
def thompson_beta(paid: Plays, total: float, bar: Bar, serial: Serial, key: RandomKey) -> float:
    """A draw from the Beta posterior of an arm whose rewards are between 0 and 1, beginning with an even one.

    Bits     a = 1 + S, b = 1 + (n - S); `beta_draw`
    Source   Agrawal, Goyal (2013), Further optimal regret bounds for Thompson sampling, AISTATS
    """
    a = 1.0 + min(max(total, 0.0), MOST_SHAPE)
    b = 1.0 + min(max(paid - total, 0.0), MOST_SHAPE)
    score = beta_draw(a, b, 0, bar, serial, THOMPSON, key)
    return score
