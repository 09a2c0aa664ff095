"""Signals and forecasts that share nothing, or say so."""

from __future__ import annotations

from typing import Annotated

from dagc import domain, feed, fuses, independent, lane, substitute, sum_seq, unit

Price = Annotated[float, unit("px"), domain(1.0, 1e6)]
Degrees = Annotated[float, unit("degF"), domain(-100.0, 150.0)]
Signal = Annotated[float, independent("signals")]
Weighed = Annotated[float, unit("degF"), fuses("forecasts", covariance="rho")]


@lane
def combined(signals: tuple[Signal, Signal]) -> float:
    return sum_seq(signals)


@lane
def two_signals(depth: Annotated[float, feed("binance")], news: float) -> float:
    return combined((depth, news))


@lane
def weighed(first: Weighed, second: Weighed, rho: Annotated[float, domain(-1.0, 1.0)]) -> Degrees:
    return (first + second) / 2.0 * (1.0 - rho)


@lane
def bracket(model: Degrees, station: Degrees, rho: Annotated[float, domain(-1.0, 1.0)]) -> Degrees:
    return weighed(0.5 * (model + station), station, rho)


@lane
def reference(clob: Annotated[Price, feed("clob")], oracle: Annotated[Price, feed("oracle")], present: bool) -> Price:
    price: Annotated[Price, substitute()] = clob if present else oracle
    return price


@lane
def spread_or_nothing(clob: Annotated[Price, feed("clob")], oracle: Annotated[Price, feed("oracle")]) -> Price:
    return clob - oracle if clob > oracle else 0.0
