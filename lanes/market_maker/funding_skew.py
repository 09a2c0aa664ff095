"""Leaning against funding that is unusually high or low."""

from __future__ import annotations

from typing import Annotated

from dag import as_unit, carry, domain, lane, params, unit
from lanes.num.clamp import clamp
from lanes.num.ema_step import EmaForm, ema_step
from lanes.units import Bps, Frac


@params
class FundingSkew:
    """Basis points of skew for one of excess funding, the largest skew, and how slowly the usual rate follows."""

    gain: Annotated[float, domain(lo=0.0)] = 0.1
    max_skew: Annotated[Bps, domain(lo=0.0)] = 5.0
    alpha: Frac = 0.08
    on: bool = True


@lane
def funding_skew(rate: Annotated[float, unit("frac")], p: FundingSkew) -> Bps:
    """The skew against excess funding: negative while longs pay more than usual.

    Units    rate a fraction per interval, skew [bps]
    State    the usual rate, an average in the DELTA form, and whether there was a first rate, which seeds it
    Bits     (((-(rate - usual)) * 10000) * gain), held within +-max_skew; `usual` is that before this rate
    Edges    0 on the first rate and while switched off; the usual rate follows in either case
    Source   the market maker's redesign: a tenth of the excess
    [chosen] 5 bps at most; alpha 2/25, some 24 hourly rates; the usual rate without this one
    """
    usual = carry(initial=0.0)
    seeded = carry(initial=False)
    excess = rate - usual
    leaning = clamp(as_unit(((-excess) * 10000.0) * p.gain, "bps"), -p.max_skew, p.max_skew)
    skew = leaning if p.on and seeded else 0.0
    usual = ema_step(usual, rate, p.alpha, EmaForm.DELTA) if seeded else rate
    seeded = True
    return skew
