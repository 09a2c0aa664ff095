"""Lane calls that are never read, logs that do not suffice, orders that cannot be distinguished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import carry, domain, lane, logged, params, sink, unit

Gamma = Annotated[float, unit("gamma"), domain(0.0, 10.0)]
Bps = Annotated[float, unit("bps"), domain(-1e4, 1e4)]


@params
class Blend:
    share: Annotated[float, domain(0.0, 1.0)] = 0.5
    gamma: Gamma = 1.0
    cap: Annotated[float, unit("bps"), domain(0.0, 100.0)] = 10.0


@lane
def smoothed(regime: Gamma, p: Blend) -> Gamma:
    level = carry(initial=regime)
    level = level + p.share * (regime - level)
    return level


@lane
def blended_gamma(regime: Gamma, p: Blend) -> Gamma:
    return p.share * smoothed(regime, p) + (1.0 - p.share) * p.gamma


@lane
def reservation(inventory: float, regime: Gamma, p: Blend) -> Gamma:
    gamma = blended_gamma(regime, p)
    return p.gamma * inventory


@lane
def recorded(basis: Bps, p: Blend) -> Bps:
    level = carry(initial=0.0)
    capped: Annotated[float, unit("bps"), logged()] = min(max(basis, -p.cap), p.cap)
    level = level + p.share * (basis - level)
    return capped - level


@dataclass(frozen=True)
class Order:
    size: Annotated[float, sink(key="order_id")]
    side: Annotated[bool, sink(key="size")]
    again: Annotated[bool, sink(key="constant")]
    constant: int


@lane
def order(signal: float) -> Order:
    return Order(signal, signal > 0.0, signal < 0.0, 3)


@lane
def level_and_regime(regime: Gamma, p: Blend) -> tuple[Gamma, Gamma]:
    unread = blended_gamma(regime, p)
    return smoothed(regime, p), regime


@lane
def reads_one_of_two(regime: Gamma, p: Blend) -> Gamma:
    level, _ = level_and_regime(regime, p)
    return level


def _ignores(size: float, regime: float) -> float:
    return size


@lane
def hands_it_to_one_that_ignores_it(size: float, regime: Gamma, p: Blend) -> float:
    return _ignores(size, smoothed(regime, p))
