"""How large a position the capital allows."""

from __future__ import annotations

import math
from typing import Annotated

from dag import as_unit, domain, lane, params
from lanes.market_maker.vol_adj import VolAdj, Volatility, vol_adj
from lanes.units import Frac, Price, Size, Usd


@params
class CapPropMaxPosition:
    """The share of capital in one position, the exchange's smallest order, and how volatility tightens both."""

    budget: Frac = 0.50
    min_usd: Usd = 10.0
    vol: VolAdj = VolAdj()
    on: bool = True


@lane
def cap_prop_max_position(
    capital: Usd, rv: Volatility, mark: Annotated[Price, domain(above=0.0)], p: CapPropMaxPosition
) -> Size:
    """The largest position in proportion to capital.

    Units    capital [usd], mark [px], result [contracts]
    Bits     max((capital * budget) * adj, min_usd) / mark
    Edges    switched off: infinite. At 100 dollars, a mark of 30.90 and the usual volatility 1.618 contracts; the 0.83 once
             quoted for that case takes 2.9 times the usual volatility
    Source   the market maker's redesign: half the capital, 10 dollars at least
    [chosen] the floor is on dollars, before the division: it is what makes 0.32 contracts of 10 dollars at 30.90
    """
    if not p.on:
        return math.inf
    adj = vol_adj(rv, p.vol)
    dollars = max((capital * p.budget) * adj, p.min_usd)
    max_pos = as_unit(dollars / mark, "contracts")
    return max_pos
