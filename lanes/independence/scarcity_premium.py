"""Wider quotes while there is little to know."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from dag import as_unit, domain, lane, params, sqrt
from lanes.units import Bps

Count: TypeAlias = Annotated[float, domain(lo=0.0)]


@params
class ScarcityPremium:
    """The premium where no signal is independent."""

    max_bps: Annotated[Bps, domain(lo=0.0)] = 2.0


@lane
def scarcity_premium(eff: Count, nominal: Annotated[float, domain(above=0.0)], p: ScarcityPremium) -> Bps:
    """How much wider to quote with `eff` independent signals of `nominal` ones.

    Units    counts in, [bps] out
    Bits     (1 - sqrt(eff / nominal)) * max_bps
    Edges    0 from eff = nominal on
    Source   the market maker's redesign: up to 2 bps
    """
    premium = (1.0 - sqrt(eff / nominal)) * p.max_bps if eff < nominal else as_unit(0.0, "bps")
    return premium
