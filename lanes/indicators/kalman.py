"""A level that is seen through noise."""

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


@dataclass(frozen=True)
class Level:
    """The estimate, its variance in the unit of the noise, and the gain of this bar."""

    value: Quantity
    variance: float
    gain: float


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
