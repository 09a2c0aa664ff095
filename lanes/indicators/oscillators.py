"""Oscillators and ranges."""

from __future__ import annotations

from dag import carry, ieee_div, lane, window
from lanes.indicators.averages import LONGEST, Average, Period, Quantity, wilder

#: An oscillator from 0 to this, and its middle.
FULL, MIDDLE = 100.0, 50.0
_NOTHING = Average(value=0.0, warm=False)


@lane
def rsi(x: Quantity, p: Period) -> Average:
    """Relative strength index: the rises' share of all moves, smoothed as Wilder does.

    Units    0 to 100
    State    the value before, and two of `wilder`, which begin with the first move
    Bits     100 * (up / (up + down)); up and down are `wilder` of max(move, 0) and max(-move, 0)
    Edges    50 while nothing moves, and on the first bar [chosen]; warm from bar n + 1 on
    Source   J. Welles Wilder (1978); TA-Lib's RSI from bar n + 1 on, but for its 0 where nothing moves
    """
    last = carry(initial=x)
    begun = carry(initial=False)
    move = x - last
    up = wilder(max(move, 0.0), p, when=begun, initial=_NOTHING)
    down = wilder(max(-move, 0.0), p, when=begun, initial=_NOTHING)
    last = x
    begun = True
    both = up.value + down.value
    value = FULL * ieee_div(up.value, both) if both > 0.0 else MIDDLE
    return Average(value=value, warm=up.warm)


@lane
def atr(high: Quantity, low: Quantity, close: Quantity, p: Period) -> Average:
    """Average true range, smoothed as Wilder does.

    Units    those of the prices
    State    the close before, and a `wilder`, which begins with the second bar
    Bits     the true range is max(max(high - low, abs(high - before)), abs(low - before))
    Edges    0 on the first bar, which has no close before it; warm from bar n + 1 on
    Source   J. Welles Wilder (1978); TA-Lib's ATR from bar n + 1 on
    """
    before = carry(initial=close)
    begun = carry(initial=False)
    true_range = max(max(high - low, abs(high - before)), abs(low - before))
    smoothed = wilder(true_range, p, when=begun, initial=_NOTHING)
    before = close
    begun = True
    return smoothed


@lane
def roc(x: Quantity, p: Period) -> Average:
    """Rate of change against the value n bars before, as a fraction.

    Units    a fraction
    State    the 250 values before this bar, of which n count
    Bits     (x - before) / before
    Edges    0 until there is a value n bars before; against 0 it is infinite or NaN (IEEE)
    Source   the textbook definition; TA-Lib's ROCP
    """
    past = window(x, p.n, longest=LONGEST)
    full = len(past) == p.n
    then = past[0] if full else x
    return Average(value=ieee_div(x - then, then) if full else 0.0, warm=full)
