"""A level, and a trend, that are seen through noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import carry, domain, ieee_div, lane, params
from lanes.indicators.averages import Quantity


@params
class KalmanNoise:
    """The variance by which the level moves from bar to bar, and that of what is seen of it, in one unit of their own."""

    move: Annotated[float, domain(lo=0.0)] = 0.01
    seen: Annotated[float, domain(above=0.0)] = 1.0


@params
class TrendNoise:
    """The variances by which level and slope move from bar to bar, and that of what is seen, in one unit of their own."""

    move: Annotated[float, domain(lo=0.0)] = 0.01
    turn: Annotated[float, domain(lo=0.0)] = 0.0001
    seen: Annotated[float, domain(above=0.0)] = 1.0


@dataclass(frozen=True)
class Level:
    """The estimate, its variance in the unit of the noise, and the gain of this bar."""

    value: Quantity
    variance: float
    gain: float


@dataclass(frozen=True)
class Trend:
    """The estimates of the level and of its slope a bar, and the variance of the level in the unit of the noise."""

    value: Quantity
    slope: Quantity
    variance: float


@lane
def kalman_level(x: Quantity, p: KalmanNoise) -> Level:
    """The local level model: a random walk seen with noise.

    Units    those of x
    State    the estimate and its variance
    Bits     before = variance + move; gain = before / (before + seen); level + gain * (x - level); (1 - gain) * before
    Edges    begins at the first value, with the variance of what is seen
    Source   R. Kalman (1960); J. Durbin and S. Koopman, Time Series Analysis by State Space Methods (2012), chapter 2
    """
    level = carry(initial=x)
    variance = carry(initial=p.seen)
    before = variance + p.move
    gain = ieee_div(before, before + p.seen)
    level = level + gain * (x - level)
    variance = (1.0 - gain) * before
    return Level(value=level, variance=variance, gain=gain)


@lane
def kalman_trend(x: Quantity, p: TrendNoise) -> Trend:
    """The local linear trend model: a level whose slope is a random walk too, seen with noise.

    Units    those of x, and of x a bar
    State    both estimates and the three numbers of their covariance
    Bits     ahead = level + slope; v = ((v + 2 * c) + w) + move, c = c + w, w = w + turn; gains v / (v + seen) and
             c / (v + seen); ahead + gain * (x - ahead), slope + other * (x - ahead); w - other * c, (1 - gain) * c, (1 - gain) * v
    Edges    begins at the first value without a slope, both with the variance of what is seen [chosen]
    Source   A. Harvey, Forecasting, Structural Time Series Models and the Kalman Filter (1989), chapter 2
    """
    level = carry(initial=x)
    slope = carry(initial=x - x)
    of_level = carry(initial=p.seen)
    of_both = carry(initial=0.0)
    of_slope = carry(initial=p.seen)
    ahead = level + slope
    before = ((of_level + 2.0 * of_both) + of_slope) + p.move
    joint = of_both + of_slope
    turning = of_slope + p.turn
    gain = ieee_div(before, before + p.seen)
    other = ieee_div(joint, before + p.seen)
    level = ahead + gain * (x - ahead)
    slope = slope + other * (x - ahead)
    of_slope = turning - other * joint
    of_both = (1.0 - gain) * joint
    of_level = (1.0 - gain) * before
    return Trend(value=level, slope=slope, variance=of_level)
