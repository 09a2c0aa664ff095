"""Standing aside while the market is quiet."""

from __future__ import annotations

from typing import Annotated

from dag import calibrated, domain, lane, params
from lanes.num.is_finite import is_finite
from lanes.units import Bars, Return

#: A count of bars from the beginning of the day.
BarNumber = Annotated[Bars, domain(lo=0)]


@params
class VolRegimeGate:
    """The calibrated threshold, from `lanes.batch.vol_p60`; without a series of volatilities only the day's bars are counted."""

    p60: Annotated[Return, domain(lo=0.0), calibrated()]
    wired: bool = True
    fallback_bar: BarNumber = 100


@lane
def vol_regime_gate(dvol: Return, bar: BarNumber, p: VolRegimeGate) -> bool:
    """Whether volatility is above its threshold; without a volatility, whether the day is old enough.

    Inputs   dvol, the volatility per bar of the reference asset [frac], from `dvol50`; bar, the number of the bar in the day
    Edges    strictly above; not finite is no; `wired` off asks for bar >= fallback_bar instead
    Source   the D_LIQ gold backtest, whose threshold was about 0.00009868
    """
    if not p.wired:
        return bar >= p.fallback_bar
    return is_finite(dvol) and dvol > p.p60
