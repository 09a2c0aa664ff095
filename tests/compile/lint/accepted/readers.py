"""Lanes that are read, or are diagnostics; logs that suffice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import carry, diagnostic, domain, lane, logged, params, slot, unit

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


@dataclass(frozen=True)
class Handed:
    level: Gamma
    regime: Gamma
    neutral: float


@lane
def level_and_regime(regime: Gamma, p: Blend) -> tuple[Gamma, Gamma]:
    return smoothed(regime, p), regime


@lane
def handed(regime: Gamma, p: Blend) -> Handed:
    return Handed(smoothed(regime, p), regime, 1.0)


@lane
def takes_what_is_handed_back(regime: Gamma, p: Blend) -> Gamma:
    _, same = level_and_regime(regime, p)
    return same


@lane
def takes_a_field_that_is_handed_back(regime: Gamma, p: Blend) -> Gamma:
    return handed(regime, p).regime


@lane
def takes_a_constant(regime: Gamma, p: Blend) -> Gamma:
    return handed(regime, p).neutral * regime


@lane
def both_levels(regime: Gamma, p: Blend) -> tuple[Gamma, Gamma]:
    return smoothed(regime, p), smoothed(2.0 * regime, p)


@lane
def takes_one_of_two(regime: Gamma, p: Blend) -> Gamma:
    slow, _ = both_levels(regime, p)
    return slow


def _levels_of(regime: float, p: Blend) -> tuple[float, float]:
    return both_levels(regime, p)[0], smoothed(3.0 * regime, p)


@lane
def takes_one_from_a_function(regime: Gamma, p: Blend) -> Gamma:
    return _levels_of(regime, p)[0]


@slot
def brake(size: float, regime: Gamma) -> float:
    return size


@lane
def braked(size: float, regime: Gamma, p: Blend) -> float:
    return brake(size, smoothed(regime, p))


@lane
def looked_at_with_another(inventory: float, regime: Gamma, p: Blend) -> float:
    gap: Annotated[Gamma, diagnostic()] = smoothed(regime, p) - regime
    return p.share * inventory
