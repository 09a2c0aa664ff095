"""Which way a market goes, how strongly, and where a trend ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import carry, domain, ieee_div, lane, params
from lanes.indicators.averages import LONGEST, Average, Period, Quantity, wilder
from lanes.indicators.oscillators import atr

#: The whole, in percent.
FULL = 100.0
#: The two prices of a middle.
HALVES = 2.0
_NOTHING = Average(value=0.0, warm=False)


@params
class SarSteps:
    """By how much the stop accelerates with each new extreme, and to what at most."""

    step: Annotated[float, domain(0.0, 1.0)] = 0.02
    most: Annotated[float, domain(0.0, 1.0)] = 0.2


@params
class SuperTrendPeriod:
    """The period of the average range, and how many of it away the bands are."""

    n: Annotated[int, domain(2, LONGEST)] = 10
    width: Annotated[float, domain(0.0, 100.0)] = 3.0


@dataclass(frozen=True)
class Directional:
    """Directional indicators up and down, their index, and its average."""

    plus: float
    minus: float
    dx: float
    adx: float
    warm: bool


@dataclass(frozen=True)
class Stop:
    """Where a trend would end, whether it is one upwards, and whether there is one yet."""

    value: Quantity
    rising: bool
    warm: bool


@lane
def adx(high: Quantity, low: Quantity, close: Quantity, p: Period) -> Directional:
    """Wilder's directional movement: who moves the range, and how one-sidedly.

    Units    percent
    State    high, low and close before, three of `wilder` that begin with the second bar, and one that begins when they are warm
    Bits     100 * (wilder(plus) / wilder(range)), likewise minus; 100 * (abs(plus - minus) / (plus + minus)), and its `wilder`
    Edges    0 where nothing ranges or nothing moves; warm from bar 2 n on
    Source   J. Welles Wilder (1978). TA-Lib sums the first n - 1 movements and goes on with sums in place of means, which
             differs at first and dies out
    """
    high_before = carry(initial=high)
    low_before = carry(initial=low)
    close_before = carry(initial=close)
    begun = carry(initial=False)
    up = high - high_before
    down = low_before - low
    plus_move = up if up > down and up > 0.0 else 0.0
    minus_move = down if down > up and down > 0.0 else 0.0
    true_range = max(max(high - low, abs(high - close_before)), abs(low - close_before))
    ranged = wilder(true_range, p, when=begun, initial=_NOTHING)
    rose = wilder(plus_move, p, when=begun, initial=_NOTHING)
    fell = wilder(minus_move, p, when=begun, initial=_NOTHING)
    high_before = high
    low_before = low
    close_before = close
    begun = True
    plus = FULL * ieee_div(rose.value, ranged.value) if ranged.value > 0.0 else 0.0
    minus = FULL * ieee_div(fell.value, ranged.value) if ranged.value > 0.0 else 0.0
    both = plus + minus
    dx = FULL * ieee_div(abs(plus - minus), both) if both > 0.0 else 0.0
    average = wilder(dx, p, when=ranged.warm, initial=_NOTHING)
    return Directional(plus=plus, minus=minus, dx=dx, adx=average.value, warm=average.warm)


@lane
def parabolic_sar(high: Quantity, low: Quantity, p: SarSteps) -> Stop:
    """Wilder's stop and reverse: a stop that follows the trend ever faster, and turns where it is hit.

    Units    those of the prices
    State    the stop of the next bar, the trend's extreme, its acceleration, and the high and the low before
    Bits     stop + acceleration * (extreme - stop), then never beyond this bar's and the last bar's low (high)
    Edges    on the first bar the stop is its low and there is no trend; the second bar's movement says which way the first one goes
    Source   J. Welles Wilder (1978); the order of operations and the beginning are TA-Lib's SAR
    """
    seen = carry(initial=0)
    rising = carry(initial=True)
    stop = carry(initial=low)
    extreme = carry(initial=high)
    speed = carry(initial=0.0)
    high_before = carry(initial=high)
    low_before = carry(initial=low)
    step = min(p.step, p.most)
    if seen == 1:
        up, down = high - high_before, low_before - low
        rising = not (down > up and down > 0.0)
        extreme = high if rising else low
        stop = low_before if rising else high_before
        speed = step
        high_before = high
        low_before = low
    hit = seen >= 1 and (low <= stop if rising else high >= stop)
    turned = not rising if hit else rising
    # Where it is hit, the stop of this bar is the extreme of the trend that ends, outside of what both bars traded at.
    from_top = max(max(extreme, high_before), high)
    from_bottom = min(min(extreme, low_before), low)
    now = (from_top if rising else from_bottom) if hit else stop
    further = max(extreme, high) if turned else min(extreme, low)
    faster = min(speed + p.step, p.most) if (high > extreme if turned else low < extreme) else speed
    extreme = (high if turned else low) if hit else further
    speed = step if hit else faster
    ahead = now + speed * (extreme - now)
    stop = min(min(ahead, low_before), low) if turned else max(max(ahead, high_before), high)
    warm = seen >= 1
    rising = turned
    if seen == 0:
        now = low
        stop = low
        extreme = high
        rising = True
    high_before = high
    low_before = low
    seen = min(seen + 1, 2)
    return Stop(value=now, rising=rising, warm=warm)


@lane
def supertrend(high: Quantity, low: Quantity, close: Quantity, p: SuperTrendPeriod) -> Stop:
    """A band around the middle of the bar that only follows the trend, and changes sides where the close crosses it.

    Units    those of the prices
    State    both bands, the close before, the side, and an `atr`
    Bits     middle = (high + low) / 2; middle + width * atr and middle - width * atr
    Edges    the upper band falls, or begins anew where the close before was above it; the lower one likewise. Rising until the first
             crossing
    Source   O. Seban; the usual definition of trading platforms, with Wilder's average range
    """
    ranged = atr(high, low, close, Period(n=p.n))
    middle = (high + low) / HALVES
    apart = p.width * ranged.value
    upper = carry(initial=high)
    lower = carry(initial=low)
    before = carry(initial=close)
    rising = carry(initial=True)
    begun = carry(initial=False)
    above, below = middle + apart, middle - apart
    upper = above if not begun or above < upper or before > upper else upper
    lower = below if not begun or below > lower or before < lower else lower
    rising = not close < lower if rising else close > upper
    before = close
    begun = True
    return Stop(value=lower if rising else upper, rising=rising, warm=ranged.warm)
