"""Factor 5 in its other place: after composition, with decimal rounding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import domain, lane, params
from lanes.num.clamp import clamp
from lanes.units import ConvictionLeverage, Usd


@params
class EsofHaircutPost:
    """How near 1 a multiplier is none at all [chosen]."""

    near1: Annotated[float, domain(above=0.0)] = 1e-9


@dataclass(frozen=True)
class Haircut:
    """Leverage and notional after the haircut, and whether there was one."""

    lev: ConvictionLeverage
    notional: Usd
    applied: bool


@lane
def esof_haircut_post(lev: ConvictionLeverage, notional: Usd, mult: float, p: EsofHaircutPost) -> Haircut:
    """Leverage and notional times the multiplier, rounded to 6 and 12 decimals as Python's `round` does.

    Units    lev [x_conv], notional [usd], mult a plain number
    Edges    a haircut never boosts: mult is limited to [0, 1]. Within near1 of 1 nothing happens, not even rounding. NaN
             gives NaN; 0 gives 0 with the sign of the product.
    Source   the V3.2 fold of the VIOLET shadow engine. Use it, or `esof_mult` inside `lev_compose`, never both.
    """
    m = clamp(mult, 0.0, 1.0)
    if abs(m - 1.0) < p.near1:
        return Haircut(lev=lev, notional=notional, applied=False)
    rounded = round(lev * m, 6)  # dagc: allow E077 rounding to six decimals may raise it by half of the last one
    return Haircut(lev=rounded, notional=round(notional * m, 12), applied=True)
