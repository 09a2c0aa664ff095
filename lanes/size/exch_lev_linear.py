"""From conviction to the whole-number leverage that is set at the venue."""

from __future__ import annotations

from typing import Annotated

from dag import domain, lane, params, safe, unit
from lanes.num.clamp import clamp
from lanes.units import ConvictionLeverage, ExchangeLeverage


@params
class ExchLevLinear:
    """The venue's cap, which must be pinned, and the stretch of conviction that is mapped onto it.

    The two ends have disjoint domains, so the divisor between them is never zero; caps end at 1000, far above any venue's,
    so the result always fits an integer.
    """

    cap: Annotated[float, unit("x_exch"), domain(1.0, 1000.0)]
    src_lo: Annotated[ConvictionLeverage, domain(0.0, 1.0)] = 0.5
    src_hi: Annotated[ConvictionLeverage, domain(above=1.0)] = 9.0


@lane
def exch_lev_linear(lev: Annotated[float, unit("x_conv")], p: ExchLevLinear) -> Annotated[ExchangeLeverage, safe(1)]:
    """Conviction src_lo .. src_hi mapped linearly onto 1 .. cap, limited, and rounded half to even.

    Units    lev [x_conv] in, [x_exch] out: the one place where the one becomes the other
    Edges    ties go to the even neighbour: with cap 3, a leverage of 2.625 maps to 1.5 and gives 2, 6.875 maps to 2.5 and
             gives 2 as well. NaN has no integer: it gives 0.
    Source   the exchange mapping of the VIOLET V3 shadow engine
    [chosen] the order of operations: 1 + ((lev - lo) * (cap - 1)) / (hi - lo)
    """
    y = 1.0 + ((lev - p.src_lo) * (p.cap - 1.0)) / (p.src_hi - p.src_lo)
    x = round(clamp(y, 1.0, p.cap)) if y == y else 0
    return x
