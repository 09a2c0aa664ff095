"""Several forecasts of one temperature as one."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Annotated, TypeAlias

from dag import as_unit, fuses, ieee_div, params, sqrt
from lanes.num.is_finite import is_finite
from lanes.units import Fahrenheit

#: What a channel says. No feed may be behind two of them: it would be counted twice, and the spread come out too small.
Channel: TypeAlias = Annotated[Fahrenheit, fuses("channels")]


@params
class CombineGaussian:
    """Whether the disagreement of the channels widens the result."""

    dispersion: bool = True


@dataclass(frozen=True)
class Combined:
    """The mean, its spread, and from how many channels they are."""

    mu: Fahrenheit
    sigma: Fahrenheit
    n: int


def combine_gaussian(
    mu: tuple[float, ...], sigma: tuple[float, ...], use: tuple[bool, ...], p: CombineGaussian
) -> Combined:
    """The precision-weighted mean of independent channels, its variance with their dispersion about it.

    A plain function: it takes as many channels as it is given, the three tuples in one order. It claims that they are independent: a
    feed behind two of them is E073 where it is called.

    Units    mu and sigma [degF]
    Bits     weights 1 / (sigma * sigma); W, M and D are summed in the order of the channels from +0.0; sigma is
             sqrt(1 / W + D / W)
    Edges    a channel that is not used, not finite, or has no positive spread is left out; with none left mu and sigma are NaN.
             Divisions are IEEE's: a spread whose square is zero or infinite weighs infinitely or nothing.
    Source   [chosen] the weather cross-bracket bot says only that the combination widens where forecast and observation disagree
    """
    weight_sum = as_unit(0.0, "degF**-2")
    weighted = as_unit(0.0, "degF**-1")
    n = 0
    for k in range(len(mu)):
        channel: Channel = mu[k]
        used = use[k] and is_finite(channel) and is_finite(sigma[k]) and sigma[k] > 0.0
        weight = ieee_div(1.0, sigma[k] * sigma[k])
        weight_sum = weight_sum + weight if used else weight_sum
        weighted = weighted + weight * channel if used else weighted
        n = n + 1 if used else n
    if n == 0:
        return Combined(mu=nan, sigma=nan, n=0)
    mean = ieee_div(weighted, weight_sum)
    spread = 0.0
    for k in range(len(mu)):
        used = use[k] and is_finite(mu[k]) and is_finite(sigma[k]) and sigma[k] > 0.0
        weight = ieee_div(1.0, sigma[k] * sigma[k])
        apart = mu[k] - mean
        spread = spread + weight * (apart * apart) if used else spread
    disagreement = as_unit(ieee_div(spread, weight_sum), "degF**2") if p.dispersion else 0.0
    deviation = sqrt(ieee_div(1.0, weight_sum) + disagreement)
    return Combined(mu=mean, sigma=deviation, n=n)
