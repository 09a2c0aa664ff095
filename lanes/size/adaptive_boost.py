"""A last boost, after composition, where stress is low."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import domain, ieee_div, lane, params
from lanes.units import ConvictionLeverage, Frac, LeverageLimit, Mult, Usd

Coefficient = Annotated[float, domain(lo=0.0)]


@params
class AdaptiveBoost:
    """Below which rank it boosts, how steeply, whether the day's beta counts, and whether the cap holds after it."""

    threshold: Frac = 0.35
    alpha: Coefficient = 1.0
    adaptive_beta: bool = True
    lev_cap: LeverageLimit = 9.0
    reclamp: bool = True


@dataclass(frozen=True)
class Boosted:
    """Leverage and notional after the boost, and the boost."""

    lev: ConvictionLeverage
    notional: Usd
    scale: Mult


@lane
def adaptive_boost(lev: LeverageLimit, notional: Usd, prank: Frac, day_beta: Coefficient, p: AdaptiveBoost) -> Boosted:
    """Leverage and notional times 1 + alpha_eff * (threshold - prank), where that is above 1.

    Inputs   lev [x_conv] and notional [usd] as composed; prank, the rank of `proxy_b` from `prank500`; day_beta of `acb_boost`
    Bits     alpha_eff = alpha * (1 + day_beta), or alpha; scale = max(1, 1 + alpha_eff * max(0, threshold - prank))
    Edges    a rank that is NaN boosts nothing. With reclamp the scale is limited to lev_cap / lev, and to 1 from below.
    Source   the D_LIQ gold backtest: threshold 0.35, alpha 1. It calls 9 a ceiling that is never exceeded and shows no clamp
             after the boost; without one the stop of `liq_guard_stop` belongs to another leverage. reclamp is [chosen].
    """
    alpha_eff = p.alpha * (1.0 + day_beta) if p.adaptive_beta else p.alpha
    wanted = max(1.0, 1.0 + alpha_eff * max(0.0, p.threshold - prank))  # dagc: allow W023 no rank, no boost
    room = ieee_div(p.lev_cap, lev)  # dagc: allow E077 the boost comes after the composition and has a cap of its own
    limited = max(1.0, min(wanted, room))  # dagc: allow W022,W023 it never cuts, as said above
    scale = limited if p.reclamp else wanted
    raised = lev * scale
    boosted = min(raised, p.lev_cap) if p.reclamp else raised
    return Boosted(lev=boosted, notional=notional * scale, scale=scale)
