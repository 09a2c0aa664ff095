"""Volatility from closes, from ranges and from whole bars, as deviations a year."""

from __future__ import annotations

from typing import Annotated

from dag import carry, domain, lane, params, sqrt, sum_seq, window
from lanes.elementary.logarithm import log
from lanes.indicators.averages import LONGEST, Average, Quantity

Positive = Annotated[Quantity, domain(above=0.0)]
#: 4 ln 2, and 2 ln 2 - 1, of the estimators for ranges; a square of half a range.
PARKINSON, GARMAN_KLASS, HALF = 2.772588722239781, 0.3862943611198906, 0.5
_NOTHING = Average(value=0.0, warm=False)


@params
class VolatilityPeriod:
    """Over how many returns, and how many bars make a year."""

    n: Annotated[int, domain(2, LONGEST)] = 20
    year: Annotated[float, domain(1.0, 1e9)] = 252.0


@lane
def root_of_mean(square: float, p: VolatilityPeriod) -> Average:
    """The root of the mean of the last n squares, a year."""
    past = window(square, p.n - 1, longest=LONGEST - 1)
    total = sum_seq(past, 0.0) + square
    return Average(value=sqrt(max(total / float(len(past) + 1) * p.year, 0.0)), warm=len(past) == p.n - 1)


@lane
def realised_volatility(close: Positive, p: VolatilityPeriod) -> Average:
    """The root of the mean square of n logarithmic returns, a year.

    Units    1 / sqrt(year)
    State    the close before, the 249 squares before this bar, of which n - 1 count
    Bits     log(close / before), correctly rounded, squared; the sum from 0.0, oldest first, over their number, times year; its root
    Edges    0 on the first bar, which has no return; the mean return is taken as 0
    Source   T. Andersen and T. Bollerslev (1998); the textbook definition
    """
    before = carry(initial=close)
    begun = carry(initial=False)
    r = log(close / before)
    found = root_of_mean(r * r, p, when=begun, initial=_NOTHING)
    before = close
    begun = True
    return found


@lane
def parkinson(high: Positive, low: Positive, p: VolatilityPeriod) -> Average:
    """Volatility from ranges.

    Units    1 / sqrt(year)
    State    the 249 squares before this bar, of which n - 1 count
    Bits     log(high / low), correctly rounded, squared, over 4 ln 2 as a double; sums as in `realised_volatility`
    Source   M. Parkinson, The Extreme Value Method for Estimating the Variance of the Rate of Return (1980)
    """
    r = log(high / low)
    return root_of_mean(r * r / PARKINSON, p)


@lane
def garman_klass(
    open: Positive,  # noqa: A002  the name of the column
    high: Positive,
    low: Positive,
    close: Positive,
    p: VolatilityPeriod,
) -> Average:
    """Volatility from whole bars.

    Units    1 / sqrt(year)
    State    the 249 terms before this bar, of which n - 1 count
    Bits     0.5 * (r * r) - (2 ln 2 - 1) * (c * c), r = log(high / low), c = log(close / open), correctly rounded
    Edges    a mean below zero, which bars can give that are none, counts as zero
    Source   M. Garman and M. Klass, On the Estimation of Security Price Volatilities from Historical Data (1980)
    """
    r, c = log(high / low), log(close / open)
    return root_of_mean(HALF * (r * r) - GARMAN_KLASS * (c * c), p)
