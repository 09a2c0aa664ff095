"""Programs across assets, as a user writes them: ranks of a momentum, neutral scores, the best k, a throttle on the gross."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from dagc import T, Vector, carry, domain, lane, params, sum_seq
from lanes.cross_section import neutralise, place, rank, scale, total, zscore

Price = Annotated[float, domain(1e-3, 1e6)]
Share = Annotated[float, domain(-10.0, 10.0)]


class Sector(Enum):
    ENERGY = "energy"
    TECH = "tech"
    BANKS = "banks"


class Assets(Vector[T], length=6):
    """The traded universe."""


class Wide(Vector[T], length=48):
    """A universe of which no order is asked for."""


@params
class Momentum:
    window: Annotated[float, domain(1.0, 1e3)] = 5.0


@params
class TopK:
    enter: Annotated[float, domain(0.0, 6.0)] = 2.0
    leave: Annotated[float, domain(0.0, 6.0)] = 3.0


@params
class Risk:
    gross: Annotated[float, domain(0.5, 10.0)] = 1.5
    floor: Annotated[float, domain(0.1, 1.0)] = 0.8


@lane
def momentum(x: Price, p: Momentum) -> float:
    slow = carry(initial=x)
    slow = slow + 2.0 / (p.window + 1.0) * (x - slow)
    return x - slow


@lane
def momentum_ranks(prices: Assets[Price], traded: Assets[bool], p: Momentum) -> Assets[float]:
    scores = Assets(momentum(x, p, when=t, initial=0.0) for x, t in zip(prices, traded, strict=True))
    return rank(scores, mask=traded, outside=0.5)


@lane
def neutral_scores(returns: Wide[Share], sector: Wide[Sector], traded: Wide[bool]) -> Wide[float]:
    standard = zscore(returns, mask=traded)
    return scale(neutralise(standard, by=sector, mask=traded), to=1.0)


@lane
def top_k(scores: Assets[Share], traded: Assets[bool], p: TopK) -> Assets[float]:
    standing = place(scores, descending=True, mask=traded)
    held = carry(initial=Assets(fill=False))
    held = Assets(s < (p.leave if h else p.enter) for s, h in zip(standing, held, strict=True))
    share = 1.0 / max(sum_seq((1.0 for h in held if h), 0.0), 1.0)
    return Assets(share if h else 0.0 for h in held)


@lane
def throttle(equity: Price, p: Risk) -> float:
    """Less of it where equity has fallen from its peak."""
    peak = carry(initial=equity)
    peak = max(peak, equity)
    return 1.0 if equity >= p.floor * peak else 0.5


@lane
def allowed(weights: Wide[Share], equity: Wide[Price], p: Risk) -> Wide[float]:
    throttled = weights * Wide(throttle(e, p) for e in equity)
    return throttled * (p.gross / max(total(abs(throttled)), p.gross))


PROGRAMS = (momentum_ranks, neutral_scores, top_k, allowed)
