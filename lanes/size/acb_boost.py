"""Part of factor 3: the adaptive circuit breaker's boost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import domain, lane, params
from lanes.num.k_log import k_log
from lanes.units import Frac, Mult, VelDiv

Coefficient = Annotated[float, domain(lo=0.0)]


@params
class AcbBoost:
    """How stress becomes boost, and which velocity parts the two betas. The split has no known value: pin it."""

    w750_split: VelDiv
    gain: Coefficient = 0.5
    beta_hi: Coefficient = 0.8
    beta_lo: Coefficient = 0.2
    beta_in_boost: bool = False


@dataclass(frozen=True)
class Boost:
    """The multiplier of the day and its amplitude."""

    boost: Mult
    day_beta: float


@lane
def acb_boost(signals: Coefficient, w750: VelDiv, c: Frac, p: AcbBoost) -> Boost:
    """The day's boost from its stress score, and its beta from the slow velocity.

    Inputs   signals, the stress score of the day (0 on most days); w750, the day's 750-bar velocity [vd]; c, the cubed
             strength of `base_cubic_sizer`, which counts only with beta_in_boost
    Formula  1 + gain * ln(1 + signals), times (1 + beta * c) with beta_in_boost
    Source   [chosen] all of it. What the D_LIQ gold backtest and the VIOLET records do say: typically 1.0 to 1.6, no boost on
             about 40 of 56 days, beta grows with the amplitude regime
    """
    base = 1.0 + p.gain * k_log(1.0 + max(signals, 0.0))
    beta = p.beta_hi if w750 >= p.w750_split else p.beta_lo
    boost = base * (1.0 + beta * c) if p.beta_in_boost else base
    return Boost(boost=boost, day_beta=beta)
