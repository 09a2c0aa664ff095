"""Realised volatility of the reference asset."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from dag import as_unit, domain, lane, params, sqrt, sum_numpy, window
from lanes.units import Bars, Price, Return

#: The most prices that are looked back on: what numpy adds in one block.
LONGEST = 128


@params
class Dvol50:
    """How many prices are looked back on, and how many it takes to say anything; with more of these than of those nothing is said."""

    win: Annotated[Bars, domain(2, LONGEST)] = 50
    min_n: Annotated[Bars, domain(2, LONGEST)] = 10


@dataclass(frozen=True)
class Volatility:
    """Deviation of the returns, NaN before there are enough prices, and whether there are."""

    dvol: Return
    warm: bool


@lane
def dvol50(price: Price, p: Dvol50) -> Volatility:
    """Population standard deviation of the simple returns between the `win` prices before this bar.

    Units    price [px], the deviation a fraction per bar
    State    the last 128 prices, of which `win` count; the bar's own is not among those it is compared with
    Bits     numpy's: mean and deviation by its order of summation, squares by a product
    Source   the D_LIQ gold backtest, where it is stated for the calibration of the volatility gate; that the gate itself sees the
             same window, and the bar's own price outside of it, is [chosen]
    """
    past = window(price, p.win, longest=LONGEST)
    moves = max(float(len(past) - 1), 1.0)
    mean = sum_numpy(((b - a) / a for a, b in pairwise(past)), 0.0) / moves
    squares = sum_numpy((((b - a) / a - mean) * ((b - a) / a - mean) for a, b in pairwise(past)), 0.0)
    if len(past) < as_unit(p.min_n, "1"):
        return Volatility(dvol=math.nan, warm=False)
    return Volatility(dvol=sqrt(squares / moves), warm=True)
