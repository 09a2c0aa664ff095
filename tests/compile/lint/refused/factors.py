"""Factors that enter twice, and a value raised after its ceiling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import ceiling, domain, lane, once, unit

Leverage = Annotated[float, unit("x_conv"), domain(0.0, 9.0)]
Usd = Annotated[float, unit("usd"), domain(0.0, 1e6)]
Cut = Annotated[float, domain(0.0, 1.0), once()]
Top = Annotated[float, unit("x_conv"), ceiling()]


@dataclass(frozen=True)
class Stake:
    lev: Leverage
    notional: Annotated[float, unit("usd * x_conv")]


@lane
def haircut(score: Annotated[float, domain(0.0, 1.0)]) -> Cut:
    return 1.0 - 0.5 * score


@lane
def twice(base: Leverage, capital: Usd, score: Annotated[float, domain(0.0, 1.0)], inside: bool, both: bool) -> Stake:
    cut = haircut(score)
    lev = base * cut if inside else base
    notional = capital * lev
    return Stake(lev, notional * cut if both or not inside else notional)


@lane
def capped(raw: Leverage, cap: Leverage) -> Top:
    return min(raw, cap)


@lane
def boosted(raw: Leverage, cap: Leverage, boost: Annotated[float, domain(0.5, 1.5)]) -> Leverage:
    return capped(raw, cap) * boost


@lane
def floored(raw: Leverage, cap: Leverage, floor: Leverage) -> Leverage:
    return max(floor, capped(raw, cap))


@lane
def replaced(raw: Leverage, cap: Leverage, manual: Leverage, by_hand: bool) -> Leverage:
    return manual if by_hand else capped(raw, cap)
