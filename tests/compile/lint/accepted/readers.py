"""Lanes that are read, or are there to be looked at; logs that suffice."""

from __future__ import annotations

from typing import Annotated

from dagc import carry, diagnostic, domain, lane, logged, params, unit

Gamma = Annotated[float, unit("gamma"), domain(0.0, 10.0)]
Bps = Annotated[float, unit("bps"), domain(-1e4, 1e4)]


@params
class Blend:
    share: Annotated[float, domain(0.0, 1.0)] = 0.5
    cap: Annotated[float, unit("bps"), domain(0.0, 100.0)] = 10.0


@lane
def smoothed(regime: Gamma, p: Blend) -> Gamma:
    level = carry(initial=regime)
    level = level + p.share * (regime - level)
    return level


@lane
def looked_at(inventory: float, regime: Gamma, p: Blend) -> float:
    gamma: Annotated[Gamma, diagnostic()] = smoothed(regime, p)
    return p.share * inventory


@lane
def read_through_a_state(inventory: float, regime: Gamma, p: Blend) -> float:
    last = carry(initial=0.0)
    before = last
    last = as_number(smoothed(regime, p))
    return before * inventory


@lane
def as_number(regime: Gamma) -> float:
    return 1.0 if regime > 1.0 else 0.5


@lane
def recorded(basis: Annotated[Bps, logged()], p: Blend) -> Bps:
    level = carry(initial=0.0)
    capped = min(max(basis, -p.cap), p.cap)
    level = level + p.share * (basis - level)
    return capped - level


@lane
def counted() -> int:
    bars = carry(initial=0)
    every: Annotated[int, logged()] = (bars + 1) % 1024
    bars = every
    return bars
