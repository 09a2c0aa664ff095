"""Signals and forecasts that share what they are made of."""

from __future__ import annotations

from typing import Annotated

from dagc import carry, domain, feed, fuses, independent, lane, params, sum_seq, unit

Price = Annotated[float, unit("px"), domain(1.0, 1e6)]
Degrees = Annotated[float, unit("degF"), domain(-100.0, 150.0)]
Signal = Annotated[float, independent("signals")]
Forecast = Annotated[float, unit("degF"), fuses("forecasts")]
Weighed = Annotated[float, unit("degF"), fuses("forecasts", covariance="rho")]


@params
class Ema:
    share: Annotated[float, domain(0.0, 1.0)] = 0.5


@lane
def momentum(mid: Price, p: Ema) -> float:
    level = carry(initial=mid)
    level = level + p.share * (mid - level)
    return mid / level - 1.0 if level > 0.0 else 0.0


@lane
def combined(signals: tuple[Signal, Signal, Signal]) -> float:
    return sum_seq(signals)


@lane
def three_signals(
    clob: Annotated[Price, feed("binance")], depth: Annotated[float, feed("binance")], news: float, p: Ema
) -> float:
    return combined((momentum(clob, p), depth, news))


@lane
def mean(first: Forecast, second: Forecast) -> Degrees:
    return (first + second) / 2.0


@lane
def bracket(model: Degrees, station: Degrees) -> Degrees:
    blended = 0.5 * (model + station)
    return mean(blended, station)


@lane
def weighed(first: Weighed, second: Weighed, rho: Annotated[float, domain(-1.0, 1.0)]) -> Degrees:
    return (first + second) / 2.0


@lane
def weighed_bracket(model: Degrees, station: Degrees, rho: Annotated[float, domain(-1.0, 1.0)]) -> Degrees:
    return weighed(0.5 * (model + station), station, rho)


@lane
def reference(clob: Annotated[Price, feed("clob")], oracle: Annotated[Price, feed("oracle")], present: bool) -> Price:
    return clob if present else oracle
