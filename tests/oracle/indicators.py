"""Reference indicators, from whole histories: nothing is carried from bar to bar.

>>> sma([1.0, 2.0, 6.0], 2), sma([5.0], 3)
((4.0, True), (5.0, False))
>>> ema([1.0, 2.0, 3.0], 3)
(2.25, True)
>>> wilder([1.0, 2.0, 6.0, 9.0], 3)
(5.0, True)
>>> rsi([1.0, 2.0, 1.0, 3.0], 2), rsi([4.0], 2)
((83.33333333333334, True), (50.0, False))
>>> atr([2.0, 3.0], [1.0, 2.0], [1.5, 2.5], 2)
(1.5, False)
>>> bollinger([1.0, 3.0], 2, 2.0)
(0.0, 2.0, 4.0, True)
>>> donchian([3.0, 5.0, 4.0], [1.0, 2.0, 3.0], 2), roc([2.0, 3.0, 5.0], 2), roc([2.0], 2)
((2.0, 5.0, True), (1.5, True), (0.0, False))
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from tests.oracle.num import fdiv, fmax, sum_seq

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 7

Said = tuple[float, bool]


def sma(xs: Sequence[float], n: int) -> Said:
    last = xs[-n:]
    return sum_seq(last) / float(len(last)), len(last) == n


def ema(xs: Sequence[float], n: int) -> Said:
    level = xs[0]
    for x in xs:
        level = level + (2.0 / (float(n) + 1.0)) * (x - level)
    return level, len(xs) >= n


def wilder(xs: Sequence[float], n: int) -> Said:
    level = sum_seq(xs[:n]) / float(len(xs[:n]))
    for x in xs[n:]:
        level = (level * (float(n) - 1.0) + x) / float(n)
    return level, len(xs) >= n


def rsi(xs: Sequence[float], n: int) -> Said:
    moves = [b - a for a, b in pairwise(xs)]
    if not moves:
        return 50.0, False
    up, warm = wilder([fmax(move, 0.0) for move in moves], n)
    down, _ = wilder([fmax(-move, 0.0) for move in moves], n)
    return (100.0 * fdiv(up, up + down) if up + down > 0.0 else 50.0), warm


def atr(highs: Sequence[float], lows: Sequence[float], closes: Sequence[float], n: int) -> Said:
    ranges = [
        fmax(fmax(high - low, abs(high - before)), abs(low - before))
        for high, low, before in zip(highs[1:], lows[1:], closes, strict=False)
    ]
    return wilder(ranges, n) if ranges else (0.0, False)


def bollinger(xs: Sequence[float], n: int, width: float) -> tuple[float, float, float, bool]:
    last = xs[-n:]
    count = float(len(last))
    mean = sum_seq(last) / count
    apart = math.sqrt(sum_seq([(x - mean) * (x - mean) for x in last]) / count) * width
    return mean - apart, mean, mean + apart, len(last) == n


def donchian(highs: Sequence[float], lows: Sequence[float], n: int) -> tuple[float, float, bool]:
    before = slice(-n, -1)  # of equal zeros this bar's counts
    return min([lows[-1], *lows[before]]), max([highs[-1], *highs[before]]), len(lows) >= n


def roc(xs: Sequence[float], n: int) -> Said:
    if len(xs) <= n:
        return 0.0, False
    then = xs[-1 - n]
    return fdiv(xs[-1] - then, then), True
