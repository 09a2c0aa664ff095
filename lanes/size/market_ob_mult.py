"""Factor 4: what the order books of the whole market say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import domain, lane, params
from lanes.enums import ObShape, Side
from lanes.num.clamp import clamp
from lanes.units import Frac, Mult

PositiveMult = Annotated[Mult, domain(above=0.0)]


@params
class MarketObMult:
    """When imbalance and agreement count, and how far the factor goes up or down."""

    imb_thr: Frac = 0.08
    agree_thr: Annotated[Frac, domain(0.0, below=1.0)] = 0.70
    up: PositiveMult = 1.20
    down: PositiveMult = 0.85
    shape: ObShape = ObShape.RAMP


@dataclass(frozen=True)
class ObFactor:
    """The multiplier, and the imbalance as the trade's side sees it."""

    mult: Mult
    eff: float


@lane
def market_ob_mult(imb: Annotated[float, domain(-1.0, 1.0)], agree: Frac, side: Side, p: MarketObMult) -> ObFactor:
    """1 unless the market agrees; then towards `up` with the trade, towards `down` against it.

    Inputs   imb, the market's median order-book imbalance; agree, the share of assets that lean the same way
    Edges    strictly above both thresholds. agree_thr stays below 1, so the ramp's divisor is never zero.
    Source   the VIOLET V3 five-factor sizing: up to 1.20 above an imbalance of 0.08 and an agreement of 0.70, down to 0.85
    [chosen] imbalance is seen from the trade's side, thresholds mirror, and the factor grows linearly from 1 at agree_thr to
             its bound at full agreement (RAMP) or jumps there (STEP)
    """
    eff = side * imb
    ramp = clamp((agree - p.agree_thr) / (1.0 - p.agree_thr), 0.0, 1.0)
    w = 1.0 if p.shape == ObShape.STEP else ramp
    agreed = agree > p.agree_thr
    if agreed and eff > p.imb_thr:
        return ObFactor(mult=1.0 + w * (p.up - 1.0), eff=eff)
    if agreed and eff < -p.imb_thr:
        return ObFactor(mult=1.0 - w * (1.0 - p.down), eff=eff)
    return ObFactor(mult=1.0, eff=eff)
