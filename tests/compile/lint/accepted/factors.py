"""Factors that enter once under all conditions, and values that stay below their ceiling."""

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
    both: float


@lane
def haircut(score: Annotated[float, domain(0.0, 1.0)]) -> Cut:
    return 1.0 - 0.5 * score


@lane
def one_place(
    base: Leverage, capital: Usd, score: Annotated[float, domain(0.0, 1.0)], inside: bool, wanted: bool
) -> Stake:
    cut = haircut(score)
    lev = base * cut if inside else base
    notional = capital * lev
    return Stake(lev, notional * cut if wanted and not inside else notional, cut + cut)


@lane
def capped(raw: Leverage, cap: Leverage) -> Top:
    return min(raw, cap)


@lane
def lowered(raw: Leverage, cap: Leverage, share: Annotated[float, domain(0.0, 1.0)], out: bool) -> Leverage:
    lev = capped(raw, cap)
    return 0.0 if out else max(lev * share - 0.25, 0.0) / 2.0


@lane
def clamped_again(raw: Leverage, cap: Leverage, boost: Annotated[float, domain(0.5, 1.5)]) -> Leverage:
    return min(capped(raw, cap) * boost, cap)


@lane
def another_unit(raw: Leverage, cap: Leverage, capital: Usd) -> Annotated[float, unit("usd * x_conv")]:
    return capital * capped(raw, cap)
