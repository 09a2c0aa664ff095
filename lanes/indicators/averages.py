"""Moving averages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import carry, domain, lane, params, sum_seq, unit, window

#: The longest period.
LONGEST = 250
#: A price, a volume, a return: what has its unit keeps it.
Quantity = Annotated[float, unit(...)]


@params
class Period:
    """Over how many bars, this one included."""

    n: Annotated[int, domain(2, LONGEST)] = 14


@dataclass(frozen=True)
class Average:
    """The value, and whether a full period has gone into it."""

    value: Quantity
    warm: bool


@lane
def sma(x: Quantity, p: Period) -> Average:
    """Simple moving average of the last n values; of all there are before.

    Units    those of x
    State    the 249 values before this bar, of which n - 1 count
    Bits     recomputed on every bar: the sum from 0.0, oldest first and this bar last, over the number of values. A running sum, as in
             pandas and talipp, has other last bits
    Source   the textbook definition; TA-Lib's SMA from bar n on
    """
    past = window(x, p.n - 1, longest=LONGEST - 1)
    count = len(past) + 1
    return Average(value=(sum_seq(past, 0.0) + x) / float(count), warm=count == p.n)


@lane
def ema(x: Quantity, p: Period) -> Average:
    """Exponential moving average, the first value seeding it.

    Units    those of x
    State    the level, how many values there were, up to n
    Bits     level + (2 / (n + 1)) * (x - level), so that a constant is its own average
    Source   the textbook definition, pandas' ewm(span=n, adjust=False); TA-Lib seeds with the mean of n values [chosen]
    """
    level = carry(initial=x)
    seen = carry(initial=0)
    alpha = 2.0 / (float(p.n) + 1.0)
    level = level + alpha * (x - level)
    seen = min(seen + 1, LONGEST)
    return Average(value=level, warm=seen >= p.n)


@lane
def wilder(x: Quantity, p: Period) -> Average:
    """Wilder's smoothing: the mean of the first n values, then a share of 1 / n of each further one.

    Units    those of x
    State    the level, the sum of the first values, and how many there were, up to n
    Bits     sum / k for the first n values, the sum from 0.0 in their order; then (level * (n - 1) + x) / n
    Source   J. Welles Wilder, New Concepts in Technical Trading Systems (1978); the order of operations is TA-Lib's
    """
    level = carry(initial=0.0)
    total = carry(initial=0.0)
    seen = carry(initial=0)
    n = float(p.n)
    begins = seen < p.n
    total = total + x if begins else total
    seen = min(seen + 1, LONGEST)
    level = total / float(seen) if begins else (level * (n - 1.0) + x) / n
    return Average(value=level, warm=seen >= p.n)
