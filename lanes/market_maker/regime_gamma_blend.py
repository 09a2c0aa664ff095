"""A multiplier of gamma that follows what is believed, not a label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import carry, domain, lane, params
from lanes.market_maker.beliefs import Beliefs, RegimeMultipliers, blended
from lanes.num.ema_step import EmaForm, ema_step
from lanes.units import Frac, Mult


@params
class RegimeGammaBlend:
    """The multipliers, the least one handed on, and the weight of the newest blend."""

    mult: RegimeMultipliers = RegimeMultipliers()
    floor: Annotated[float, domain(above=0.0)] = 0.5
    alpha: Frac = 0.05


@dataclass(frozen=True)
class GammaBlend:
    """The multiplier to use, and the blend that it follows."""

    gamma_mult: Mult
    blend: Mult


@lane
def regime_gamma_blend(beliefs: Beliefs, p: RegimeGammaBlend) -> GammaBlend:
    """The multipliers weighted by belief, smoothed.

    Units    plain factors
    State    the smoothed blend; it begins at the multiplier of NORMAL
    Bits     the blend is summed from 0.0, calm to extreme; (1 - alpha) * g + alpha * blend
    Edges    the floor is on what is handed on, not on what is remembered
    Source   the market maker's redesign: 0.7, 1, 3, 6 with a floor of 0.5. Before it the blend was computed and never read: the
             multiplier stood at 1.20. Over a session it has to move between 0.7 and 6
    """
    g = carry(initial=p.mult.normal)
    blend = blended(beliefs, p.mult)
    g = ema_step(g, blend, p.alpha, EmaForm.CONVEX)
    gamma_mult = max(g, p.floor)
    return GammaBlend(gamma_mult=gamma_mult, blend=blend)
