"""Where a price stands within what came before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import carry, domain, ieee_div, lane, max_seq, min_seq, params, sum_seq, window
from lanes.indicators.averages import LONGEST, Average, Period, Quantity, sma

#: The whole range, in percent; the middle of it, for what has no range.
FULL, MIDDLE = 100.0, 50.0
#: Lambert's constant, with which most values lie between -100 and 100.
LAMBERT = 0.015
#: The prices that make a typical one.
PRICES = 3.0


@params
class StochasticPeriods:
    """Over how many bars the range goes, and over how many the two averages of it go."""

    n: Annotated[int, domain(2, LONGEST)] = 14
    k: Annotated[int, domain(2, LONGEST)] = 3
    d: Annotated[int, domain(2, LONGEST)] = 3


@dataclass(frozen=True)
class Stochastic:
    """Where the close stands in the range, and its average."""

    k: float
    d: float
    warm: bool


@dataclass(frozen=True)
class Aroon:
    """How lately the highest high and the lowest low were, and their difference."""

    up: float
    down: float
    oscillator: float
    warm: bool


def _standing(high: Quantity, low: Quantity, close: Quantity, n: int) -> Average:
    highs = window(high, n - 1, longest=LONGEST - 1)
    lows = window(low, n - 1, longest=LONGEST - 1)
    top, bottom = max_seq(highs, high), min_seq(lows, low)
    value = FULL * ieee_div(close - bottom, top - bottom) if top > bottom else MIDDLE
    return Average(value=value, warm=len(highs) == n - 1)


@lane
def stochastic_fast(high: Quantity, low: Quantity, close: Quantity, p: StochasticPeriods) -> Stochastic:
    """The close within the range of the last n bars, in percent, and its average over d bars.

    Units    percent
    State    windows of highs and lows, and one `sma`
    Bits     100 * ((close - lowest) / (highest - lowest)), and its `sma` over d
    Edges    50 where the range is empty [chosen; TA-Lib has 0]; parameter k is not read
    Source   G. Lane; TA-Lib's STOCHF
    """
    k = _standing(high, low, close, p.n)
    d = sma(k.value, Period(n=p.d))
    full = window(k.warm, p.d - 1, longest=LONGEST - 1)
    return Stochastic(k=k.value, d=d.value, warm=k.warm and d.warm and all(full))


@lane
def stochastic_slow(high: Quantity, low: Quantity, close: Quantity, p: StochasticPeriods) -> Stochastic:
    """The fast standing averaged over k bars, and that over d bars.

    Units    percent
    State    windows of highs and lows, and two of `sma`
    Bits     100 * ((close - lowest) / (highest - lowest)), its `sma` over k, and the `sma` of that over d
    Edges    50 where the range is empty [chosen; TA-Lib has 0]
    Source   G. Lane; TA-Lib's STOCH
    """
    fast = _standing(high, low, close, p.n)
    k = sma(fast.value, Period(n=p.k))
    d = sma(k.value, Period(n=p.d))
    full = window(fast.warm, p.k + p.d - 2, longest=2 * LONGEST - 2)
    return Stochastic(k=k.value, d=d.value, warm=fast.warm and all(full) and len(full) == p.k + p.d - 2)


@lane
def williams_r(high: Quantity, low: Quantity, close: Quantity, p: Period) -> Average:
    """How far the close lies below the highest high of n bars, from -100 to 0.

    Units    percent
    State    windows of highs and lows
    Bits     -100 * ((highest - close) / (highest - lowest))
    Edges    -50 where the range is empty [chosen; TA-Lib has 0]
    Source   L. Williams (1973); TA-Lib's WILLR
    """
    highs = window(high, p.n - 1, longest=LONGEST - 1)
    lows = window(low, p.n - 1, longest=LONGEST - 1)
    top, bottom = max_seq(highs, high), min_seq(lows, low)
    value = -FULL * ieee_div(top - close, top - bottom) if top > bottom else -MIDDLE
    return Average(value=value, warm=len(highs) == p.n - 1)


@lane
def cci(high: Quantity, low: Quantity, close: Quantity, p: Period) -> Average:
    """Commodity channel index: the typical price's distance from its average, by its mean deviation.

    Units    a ratio; most values lie between -100 and 100
    State    the 249 typical prices before this bar, of which n - 1 count
    Bits     typical = ((high + low) + close) / 3; (typical - mean) / (0.015 * deviation), sums from 0.0, oldest first
    Edges    0 where nothing deviates [chosen: TA-Lib's]
    Source   D. Lambert (1980); TA-Lib's CCI
    """
    typical = ((high + low) + close) / PRICES
    past = window(typical, p.n - 1, longest=LONGEST - 1)
    count = float(len(past) + 1)
    mean = (sum_seq(past, 0.0) + typical) / count
    deviation = (sum_seq((abs(v - mean) for v in past), 0.0) + abs(typical - mean)) / count
    value = ieee_div(typical - mean, LAMBERT * deviation) if deviation > 0.0 else 0.0
    return Average(value=value, warm=len(past) == p.n - 1)


@lane
def aroon(high: Quantity, low: Quantity, p: Period) -> Aroon:
    """How many of the last n bars have passed since the highest high and since the lowest low.

    Units    percent: 100 where it is this bar, 0 where it was n bars ago
    State    windows of n highs and lows before this bar
    Bits     100 * ((n - age) / n)
    Edges    of equal extremes the latest counts; until n bars are there, the ages are those among what there is
    Source   T. Chande (1995); TA-Lib's AROON and AROONOSC
    """
    highs = window(high, p.n, longest=LONGEST)
    lows = window(low, p.n, longest=LONGEST)
    top, bottom = max_seq(highs, high), min_seq(lows, low)
    at_top = max_seq((place if v >= top else -1 for place, v in enumerate(highs)), -1)
    at_bottom = max_seq((place if v <= bottom else -1 for place, v in enumerate(lows)), -1)
    since_top = 0 if high >= top else len(highs) - at_top
    since_bottom = 0 if low <= bottom else len(lows) - at_bottom
    up = FULL * (float(p.n - since_top) / float(p.n))
    down = FULL * (float(p.n - since_bottom) / float(p.n))
    return Aroon(up=up, down=down, oscillator=up - down, warm=len(highs) == p.n)


@lane
def momentum(x: Quantity, p: Period) -> Average:
    """The change since n bars ago.

    Units    those of x
    State    the 250 values before this bar, of which n count
    Bits     x - before
    Edges    0 until there is a value n bars before
    Source   the textbook definition; TA-Lib's MOM, Alpha101's `delta`
    """
    past = window(x, p.n, longest=LONGEST)
    full = len(past) == p.n
    return Average(value=x - past[0] if full else 0.0, warm=full)


@lane
def money_flow(
    high: Quantity, low: Quantity, close: Quantity, volume: Annotated[Quantity, domain(lo=0.0)], p: Period
) -> Average:
    """Money flow index: rising money's share of all, over n bars.

    Units    0 to 100
    State    the typical price before, and windows of rising and falling money
    Bits     typical = ((high + low) + close) / 3; 100 * (rising / (rising + falling)), sums from 0.0, oldest first
    Edges    50 where no money moved [chosen; TA-Lib has 0]; the first bar moves none
    Source   G. Quong and A. Soudack (1989); TA-Lib's MFI
    """
    typical = ((high + low) + close) / PRICES
    before = carry(initial=typical)
    begun = carry(initial=False)
    money = typical * volume
    rising = money if typical > before else 0.0
    falling = money if typical < before else 0.0
    before = typical
    risen = window(rising, p.n - 1, longest=LONGEST - 1, when=begun)
    fallen = window(falling, p.n - 1, longest=LONGEST - 1, when=begun)
    full = len(risen) == p.n - 1 and begun
    begun = True
    up = sum_seq(risen, 0.0) + rising
    down = sum_seq(fallen, 0.0) + falling
    return Average(value=FULL * ieee_div(up, up + down) if up + down > 0.0 else MIDDLE, warm=full)
