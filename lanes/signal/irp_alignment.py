"""How steadily an asset moves with the trade."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from dag import as_unit, domain, lane, params, sum_seq, window
from lanes.enums import Side
from lanes.units import Bars, Frac, Price

#: The most moves that are looked back on.
LONGEST = 200


@params
class IrpAlignment:
    """How many moves are looked back on."""

    lookback: Annotated[Bars, domain(1, LONGEST)] = 100


AS_IN_THE_SOURCE = IrpAlignment()


@dataclass(frozen=True)
class Alignment:
    """The share of moves that went the trade's way, net move by length of path, and whether all moves are there."""

    align: Frac
    score: float
    warm: bool


@lane
def irp_alignment(price: Price, side: Side, p: IrpAlignment = AS_IN_THE_SOURCE) -> Alignment:
    """Over the last `lookback` moves of an asset: how many agree with the side, and how straight the way was.

    Units    price [px]; align a fraction, score a plain number between -1 and 1
    State    the two hundred prices before this bar, of which `lookback` count
    Edges    a move of 0 does not agree; before the second price 0, 0 and not warm; a path of no length scores 0
    Source   the D_LIQ gold backtest (lookback 100, one state per asset, 48 assets); both formulas are [chosen]
    """
    past = window(price, p.lookback, longest=LONGEST)
    n = len(past)
    newest = past[-1] if n > 0 else price
    oldest = past[0] if n > 0 else price
    last = (price - newest) * side
    hits = sum_seq((1.0 if (b - a) * side > 0.0 else 0.0 for a, b in pairwise(past)), 0.0)
    hits = hits + (1.0 if last > 0.0 else 0.0)
    path = sum_seq((abs((b - a) * side) for a, b in pairwise(past)), 0.0) + abs(last)
    net = (price - oldest) * side
    if n < 1:
        return Alignment(align=0.0, score=0.0, warm=False)
    return Alignment(align=hits / float(n), score=net / path if path > 0.0 else 0.0, warm=n == as_unit(p.lookback, "1"))
