"""Bands around a price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import domain, lane, max_seq, min_seq, params, sqrt, sum_seq, window
from lanes.indicators.averages import LONGEST, Period, Quantity, ema
from lanes.indicators.oscillators import atr


@params
class BollingerPeriod:
    """Over how many bars, this one included, and how many deviations away."""

    n: Annotated[int, domain(2, LONGEST)] = 20
    width: Annotated[float, domain(0.0, 100.0)] = 2.0


@dataclass(frozen=True)
class Bands:
    """The mean, what lies `width` deviations around it, and whether the period is full."""

    lower: Quantity
    middle: Quantity
    upper: Quantity
    warm: bool


@dataclass(frozen=True)
class Channel:
    """The least and the greatest value, and whether the period is full."""

    lower: Quantity
    upper: Quantity
    warm: bool


@lane
def bollinger(x: Quantity, p: BollingerPeriod) -> Bands:
    """Mean and population deviation of the last n values.

    Units    those of x
    State    the 249 values before this bar, of which n - 1 count
    Bits     two passes, sums from 0.0, oldest first and this bar last; sqrt(squares / count) * width
    Source   J. Bollinger; population deviation, as in TA-Lib. pandas' rolling std is that of a sample
    """
    past = window(x, p.n - 1, longest=LONGEST - 1)
    count = float(len(past) + 1)
    mean = (sum_seq(past, 0.0) + x) / count
    squares = sum_seq(((v - mean) * (v - mean) for v in past), 0.0) + (x - mean) * (x - mean)
    apart = sqrt(squares / count) * p.width
    return Bands(lower=mean - apart, middle=mean, upper=mean + apart, warm=len(past) == p.n - 1)


@lane
def donchian(high: Quantity, low: Quantity, p: Period) -> Channel:
    """The lowest low and the highest high of the last n bars.

    Units    those of high and low
    State    the 249 lows and highs before this bar, of which n - 1 count
    Bits     min and max, of equal zeros this bar's
    Source   R. Donchian's channel, this bar included, as TA-Lib's MAX and MIN
    """
    highs = window(high, p.n - 1, longest=LONGEST - 1)
    lows = window(low, p.n - 1, longest=LONGEST - 1)
    return Channel(lower=min_seq(lows, low), upper=max_seq(highs, high), warm=len(lows) == p.n - 1)


@params
class KeltnerPeriod:
    """The period of both averages, and how many average ranges away."""

    n: Annotated[int, domain(2, LONGEST)] = 20
    width: Annotated[float, domain(0.0, 100.0)] = 2.0


@lane
def keltner(high: Quantity, low: Quantity, close: Quantity, p: KeltnerPeriod) -> Bands:
    """An exponential average of the close, and what lies `width` average true ranges around it.

    Units    those of the prices
    State    an `ema` of the close, and an `atr`
    Bits     middle - width * atr, middle + width * atr
    Source   C. Keltner (1960), in L. Raschke's form
    """
    middle = ema(close, Period(n=p.n))
    ranged = atr(high, low, close, Period(n=p.n))
    apart = p.width * ranged.value
    return Bands(
        lower=middle.value - apart, middle=middle.value, upper=middle.value + apart, warm=middle.warm and ranged.warm
    )
