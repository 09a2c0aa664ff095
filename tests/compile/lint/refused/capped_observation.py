"""A guard and a history that were to see the basis, and see what is left of it."""

from __future__ import annotations

from typing import Annotated

from dagc import carry, domain, lane, observes, params, unit

Bps = Annotated[float, unit("bps"), domain(-1e4, 1e4)]
RawBps = Annotated[float, unit("bps"), domain(-1e4, 1e4), observes("raw")]


@params
class Cap:
    bound: Annotated[float, unit("bps"), domain(0.0, 100.0)] = 10.0
    share: Annotated[float, domain(0.0, 1.0)] = 0.02


@lane
def baseline(basis: RawBps, p: Cap) -> Bps:
    level = carry(initial=basis)
    level = level + p.share * (basis - level)
    return level


@lane
def is_wide(basis: RawBps, p: Cap) -> bool:
    return abs(basis) > p.bound


@lane
def residual(basis: Bps, p: Cap) -> Bps:
    capped = min(max(basis, -p.bound), p.bound)
    level = baseline(capped, p)
    return 0.0 if is_wide(capped, p) else basis - level


@lane
def through_a_state(basis: Bps, p: Cap) -> Bps:
    last = carry(initial=0.0)
    before = last
    last = basis if basis < p.bound else p.bound
    return baseline(before, p)
