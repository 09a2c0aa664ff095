"""Averages of averages, and what they say about a trend."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from dag import carry, domain, lane, params, sum_seq, window
from lanes.indicators.averages import LONGEST, Average, Period, Quantity, ema

#: Of three averages, each of the last: how much counts, and how many periods it takes.
THREE, THIRDS = 3.0, 3


@params
class MacdPeriods:
    """The periods of the two averages, and of the signal."""

    fast: Annotated[int, domain(2, LONGEST)] = 12
    slow: Annotated[int, domain(2, LONGEST)] = 26
    signal: Annotated[int, domain(2, LONGEST)] = 9


@params
class KaufmanPeriods:
    """Over how many bars efficiency is judged, and the periods between which the average moves."""

    n: Annotated[int, domain(2, LONGEST)] = 10
    fast: Annotated[int, domain(1, LONGEST)] = 2
    slow: Annotated[int, domain(1, LONGEST)] = 30


@dataclass(frozen=True)
class Macd:
    """The difference of two averages, its own average, and what is between them."""

    macd: Quantity
    signal: Quantity
    histogram: Quantity
    warm: bool


@lane
def dema(x: Quantity, p: Period) -> Average:
    """Double exponential moving average.

    Units    those of x
    State    two of `ema`, each seeded with its first value
    Bits     2 * first - second
    Edges    warm after twice the period
    Source   P. Mulloy, Technical Analysis of Stocks & Commodities (1994)
    """
    first = ema(x, p)
    second = ema(first.value, p)
    return Average(value=2.0 * first.value - second.value, warm=_after(2 * p.n - 1))


@lane
def tema(x: Quantity, p: Period) -> Average:
    """Triple exponential moving average.

    Units    those of x
    State    three of `ema`, each seeded with its first value
    Bits     (3 * first - 3 * second) + third
    Edges    warm after three times the period
    Source   P. Mulloy, Technical Analysis of Stocks & Commodities (1994)
    """
    first = ema(x, p)
    second = ema(first.value, p)
    third = ema(second.value, p)
    return Average(value=(THREE * first.value - THREE * second.value) + third.value, warm=_after(THIRDS * p.n - 2))


def _after(bars: int) -> bool:
    seen = carry(initial=0)
    seen = min(seen + 1, THIRDS * LONGEST)
    return seen >= bars


@lane
def macd(x: Quantity, p: MacdPeriods) -> Macd:
    """Moving average convergence and divergence.

    Units    those of x
    State    three of `ema`, each seeded with its first value
    Bits     ema(fast) - ema(slow); its `ema` is the signal, their difference the histogram
    Edges    warm when the slower average is and the signal's period has passed after it
    Source   G. Appel (1979); TA-Lib seeds the averages with means, which dies out
    """
    fast = ema(x, Period(n=p.fast))
    slow = ema(x, Period(n=p.slow))
    line = fast.value - slow.value
    signal = ema(line, Period(n=p.signal))
    return Macd(
        macd=line, signal=signal.value, histogram=line - signal.value, warm=_after(max(p.fast, p.slow) + p.signal - 1)
    )


@lane
def kama(x: Quantity, p: KaufmanPeriods) -> Average:
    """Kaufman's adaptive moving average: fast while the price goes one way, slow while it goes to and fro.

    Units    those of x
    State    the level, the 250 values before this bar, of which n count
    Bits     efficiency is abs(x - first) over the sum of the moves, from 0.0, oldest first; the share is
             efficiency * (2 / (fast + 1) - 2 / (slow + 1)) + 2 / (slow + 1), squared; level + share * (x - level)
    Edges    x itself until there are n values before it; efficiency 1 where nothing moved [chosen: TA-Lib's]
    Source   P. Kaufman, Smarter Trading (1995); TA-Lib's KAMA
    """
    past = window(x, p.n, longest=LONGEST)
    level = carry(initial=x)
    full = len(past) == p.n
    way = abs(x - (past[0] if full else x))
    last = past[-1] if len(past) > 0 else x
    moves = sum_seq((abs(b - a) for a, b in pairwise(past)), 0.0) + abs(x - last)
    fast = 2.0 / (float(p.fast) + 1.0)
    slow = 2.0 / (float(p.slow) + 1.0)
    efficiency = way / moves if way < moves else 1.0
    root = efficiency * (fast - slow) + slow
    level = level + (root * root) * (x - level) if full else x
    return Average(value=level, warm=full)
