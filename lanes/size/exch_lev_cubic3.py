"""From conviction to the venue's leverage along a cubic."""

from __future__ import annotations

from typing import Annotated

from dag import domain, lane, params, safe, unit
from lanes.num.clamp import clamp
from lanes.units import ConvictionLeverage, ExchangeLeverage


@params
class ExchLevCubic3:
    """The venue's cap, 3 on the path this comes from, and the stretch of conviction that is mapped onto it.

    As for `ExchLevLinear` the two ends have disjoint domains and caps end at 1000.
    """

    cap: Annotated[float, unit("x_exch"), domain(1.0, 1000.0)] = 3.0
    src_lo: Annotated[ConvictionLeverage, domain(0.0, 1.0)] = 0.5
    src_hi: Annotated[ConvictionLeverage, domain(above=1.0)] = 9.0


@lane
def exch_lev_cubic3(lev: Annotated[float, unit("x_conv")], p: ExchLevCubic3) -> Annotated[ExchangeLeverage, safe(1)]:
    """Conviction src_lo .. src_hi along t * t * t onto 1 .. cap, rounded half to even.

    Units    lev [x_conv] in, [x_exch] out
    Edges    below src_lo it is 1, above src_hi cap; NaN has no integer: it gives 0
    Source   the PINK/VIOLET translator, said to be a cubic of at most 3x; the formula is [chosen]
    """
    t = clamp((lev - p.src_lo) / (p.src_hi - p.src_lo), 0.0, 1.0)
    y = 1.0 + ((t * t) * t) * (p.cap - 1.0)
    x = round(y) if y == y else 0
    return x
