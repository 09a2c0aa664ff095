"""Tighter limits in volatile markets."""

from __future__ import annotations

from typing import Annotated

from dag import domain, lane, params, unit
from lanes.units import Mult

#: Realised volatility, a fraction per day.
Volatility = Annotated[float, unit("frac"), domain(lo=0.0)]


@params
class VolAdj:
    """The usual volatility, and how hard to react to more of it."""

    baseline: Annotated[float, unit("frac"), domain(above=0.0)] = 0.02
    sens: Annotated[float, domain(lo=0.0)] = 0.5


@lane
def vol_adj(rv: Volatility, p: VolAdj) -> Mult:
    """A factor in (0, 1]: 1 up to the usual volatility, half at three times of it.

    Units    volatilities are fractions per day
    Bits     1 / (1 + sens * max(0, rv / baseline - 1))
    Edges    exactly 1 below the baseline. A volatility that is NaN would give 1, the loosest limit: such rows are rejected
    Source   the market maker's redesign: 2 % a day, sensitivity 0.5
    """
    excess = max(0.0, rv / p.baseline - 1.0)
    adj = 1.0 / (1.0 + p.sens * excess)
    return adj
