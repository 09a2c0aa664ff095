"""What a trade has made so far."""

from __future__ import annotations

from dag import lane
from lanes.enums import Side
from lanes.units import Price, Return


@lane
def trade_return(price: Price, entry: Price, side: Side) -> Return:
    """The return of an open trade, positive where the price went its way.

    Units    prices [px], the return a fraction
    Bits     ((price - entry) / entry) * side
    Source   the D_LIQ gold backtest; the order of operations is [chosen]
    """
    ret = ((price - entry) / entry) * side
    return ret
