"""Lanes that tests hold against legacy code."""

from __future__ import annotations

from typing import Annotated

from dag import carry, domain, ieee_div, lane, params
from lanes.elementary import exp, log1p

Positive = Annotated[float, domain(0.0, 50.0)]


@params
class Decay:
    rate: Annotated[float, domain(0.0, 4.0)] = 0.5


@lane
def decayed(x: Positive, p: Decay) -> float:
    """An exponential and a logarithm of dagc's own."""
    return exp(-p.rate * x) * log1p(x)


@lane
def halved(x: float) -> float:
    return 0.5 * x


@lane
def inverse(x: float) -> float:
    return ieee_div(1.0, x)


@lane
def shifted(t: float, t_present: bool, q: float) -> float:
    return t + q if t_present else q


@lane
def boosted(x: Annotated[float, domain(-1e6, 1e6)], boost: Annotated[float, domain(0.5, 4.0)]) -> float:
    """A running total of x, three times the boost of x."""
    total = carry(initial=0.0)
    gain = tripled(boost)
    total = total * 0.5 + x * gain
    return total


@lane
def tripled(x: float) -> float:
    return x * 3.0
