"""How unusual a value is among the last ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import as_unit, domain, lane, params, sum_seq, window
from lanes.units import Bars, Frac, VelDiv

#: The most values that are looked back on.
LONGEST = 1000


@params
class Prank500:
    """Among how many values one is ranked, how many it takes, and the rank before that: 0.5 boosts nothing [chosen]."""

    win: Annotated[Bars, domain(1, LONGEST)] = 500
    min_hist: Annotated[Bars, domain(1, LONGEST)] = 20
    fallback: Frac = 0.5


@dataclass(frozen=True)
class Rank:
    """The share of the values before this bar that lie below it, and whether there were enough."""

    prank: Frac
    warm: bool


@lane
def prank500(x: VelDiv, p: Prank500) -> Rank:
    """The percentile rank of `x` among the `win` values before it.

    Units    x [vd], the rank a fraction
    State    the last thousand values that are numbers, of which `win` count
    Edges    equal values do not lie below; NaN has no rank and is not remembered
    Cost     a comparison a value. `p2_quantile` at the threshold of `adaptive_boost` needs five markers instead of the window,
             and no more is asked there than on which side of one quantile a value lies
    Source   the D_LIQ gold backtest, which ranks `proxy_b`; that the value itself and ties do not count is [chosen]
    """
    is_number = x == x
    past = window(x, p.win, longest=LONGEST, when=is_number)
    n = len(past)
    below = sum_seq((1.0 if v < x else 0.0 for v in past), 0.0)
    if not is_number or n < as_unit(p.min_hist, "1"):
        return Rank(prank=p.fallback, warm=False)
    return Rank(prank=below / max(float(n), 1.0), warm=True)
