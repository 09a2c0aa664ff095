"""Factor 1: conviction from the strength of the signal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import domain, ieee_div, lane, params
from lanes.num.clamp import clamp
from lanes.num.powc import powc
from lanes.units import ConvictionLeverage, Frac, LeverageLimit, VelDiv


@params
class BaseCubicSizer:
    """The conviction curve: where it begins and ends, how convex it is, and the share of capital it sizes."""

    thr: VelDiv = -0.02
    ext: VelDiv = -0.05
    lo: LeverageLimit = 0.5
    convexity: Annotated[float, domain(above=0.0)] = 3.0
    fraction: Frac = 0.20


@dataclass(frozen=True)
class Conviction:
    """The leverage of factor 1, the share of capital it applies to, the strength `s` and its power `c`."""

    lev: ConvictionLeverage
    fraction: Frac
    s: Frac
    c: Frac


@lane
def base_cubic_sizer(vel_div: VelDiv, hi: LeverageLimit, p: BaseCubicSizer) -> Conviction:
    """Cubic-convex conviction leverage between `p.lo` and `hi`.

    Units    vel_div and thresholds [vd]; lo, hi and the result [x_conv]
    Formula  s = (thr - vel_div) / (thr - ext), limited to [0, 1]; lev = lo + s**convexity * (hi - lo)
    Edges    at or above thr the strength is 0 and lev is lo (the gate decides whether to trade); at or below ext it is
             exactly hi, spikes included; NaN stays NaN. thr = ext is a step (IEEE division), NaN only exactly on it.
    Source   the D_LIQ gold backtest and the VIOLET V3 shadow engine; with hi = 9 it reproduces the median conviction of
             1.315 that the shadow soak reports at a divergence of -0.0337
    `hi` is wired, not tuned: it is a preset's constant or the ceiling of `hazard_base_max`.
    """
    s = clamp(ieee_div(p.thr - vel_div, p.thr - p.ext), 0.0, 1.0)
    c = powc(s, p.convexity)
    lev = p.lo + c * (hi - p.lo)
    return Conviction(lev=lev, fraction=p.fraction, s=s, c=c)
