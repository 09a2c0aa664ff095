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
>>> wma([1.0, 2.0, 4.0], 2), hma([1.0, 2.0, 3.0, 4.0, 5.0], 4), vwma([1.0, 2.0], [3.0, 1.0], 2)
((3.3333333333333335, True), (5.0, True), (1.25, True))
>>> dema([1.0, 2.0, 3.0], 3), tema([1.0, 2.0, 3.0], 3)
((2.75, False), (2.9375, False))
>>> macd([1.0, 2.0, 3.0], 2, 3, 2), kama([1.0, 2.0, 4.0], 2, 2, 30)
((0.30555555555555536, 0.2407407407407406, 0.06481481481481477, False), (2.8888888888888884, True))
>>> stochastic_fast([3.0, 4.0], [1.0, 2.0], [2.0, 4.0], 2, 2), stochastic_slow([3.0, 4.0], [1.0, 2.0], [2.0, 4.0], 2, 2, 2)
((100.0, 75.0, False), (75.0, 62.5, False))
>>> williams_r([3.0, 4.0], [1.0, 2.0], [2.0, 3.0], 2), cci([2.0, 4.0], [2.0, 4.0], [2.0, 4.0], 2)
((-33.33333333333333, True), (66.66666666666667, True))
>>> aroon([5.0, 3.0, 4.0], [1.0, 2.0, 3.0], 2), momentum([1.0, 4.0], 1), obv([1.0, 2.0, 1.5], [10.0, 5.0, 2.0])
((0.0, 0.0, 0.0, True), (3.0, True), (13.0,))
>>> money_flow([2.0, 4.0, 3.0], [2.0, 4.0, 3.0], [2.0, 4.0, 3.0], [1.0, 3.0, 4.0], 2)
(50.0, True)
>>> adx([2.0, 4.0, 5.0], [1.0, 2.0, 4.0], [2.0, 3.0, 5.0], 2)
(75.0, 0.0, 100.0, 100.0, False)
>>> parabolic_sar([2.0, 3.0, 4.0], [1.0, 2.0, 3.0], 0.5, 1.0), supertrend([3.0, 9.0], [1.0, 8.0], [2.0, 9.0], 2, 1.0)
((2.0, True, True), (2.0, True, False))
>>> keltner([3.0, 5.0], [1.0, 4.0], [2.0, 5.0], 2, 1.0), vwap([2.0, 4.0], [1.0, 1.0], [True, False])
((1.0, 4.0, 7.0, False), (3.0, 2.0))
>>> book_imbalance(3.0, 1.0), micro_price(1.0, 2.0, 3.0, 1.0), rolling_zscore([1.0, 3.0], 2), ts_rank([1.0, 3.0, 2.0, 2.0], 4)
(0.5, 1.75, (1.0, True), (0.625, True))
>>> rolling_correlation([1.0, 3.0], [2.0, 6.0], 2), rolling_shape([0.0, 0.0, 3.0], 3)
((2.0, 1.0, 2.0, True), (0.7071067811865475, -1.5, True))
>>> kalman_level([4.0, 8.0], 1.0, 1.0)
(6.5, 0.625, 0.625)
>>> kalman_trend([4.0, 8.0], 0.0, 0.0, 1.0)
(6.666666666666666, 1.3333333333333333, 0.6666666666666667)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from tests.oracle.num import fdiv, fmax, fmin, sum_seq

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 21

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


def wma(xs: Sequence[float], n: int) -> Said:
    last = xs[-n:]
    weights = range(1, len(last) + 1)
    return sum_seq([float(w) * x for w, x in zip(weights, last, strict=True)]) / float(sum(weights)), len(last) == n


def hma(xs: Sequence[float], n: int) -> Said:
    root = math.isqrt(n)
    raw = [2.0 * wma(xs[: k + 1], n // 2)[0] - wma(xs[: k + 1], n)[0] for k in range(max(len(xs) - root, 0), len(xs))]
    return wma(raw, root)[0], len(xs) >= n + root - 1


def vwma(xs: Sequence[float], volumes: Sequence[float], n: int) -> Said:
    last, weights = xs[-n:], volumes[-n:]
    money = sum_seq([x * w for x, w in zip(last, weights, strict=True)])
    return fdiv(money, sum_seq(weights)), len(last) == n


def emas(xs: Sequence[float], n: int) -> list[float]:
    """`ema` after each value."""
    levels = [xs[0]]
    for x in xs:
        levels.append(levels[-1] + (2.0 / (float(n) + 1.0)) * (x - levels[-1]))
    return levels[1:]


def dema(xs: Sequence[float], n: int) -> Said:
    first = emas(xs, n)
    return 2.0 * first[-1] - emas(first, n)[-1], len(xs) >= 2 * n - 1


def tema(xs: Sequence[float], n: int) -> Said:
    first = emas(xs, n)
    second = emas(first, n)
    return (3.0 * first[-1] - 3.0 * second[-1]) + emas(second, n)[-1], len(xs) >= 3 * n - 2


def macd(xs: Sequence[float], fast: int, slow: int, signal: int) -> tuple[float, float, float, bool]:
    line = [a - b for a, b in zip(emas(xs, fast), emas(xs, slow), strict=True)]
    smooth = emas(line, signal)[-1]
    return line[-1], smooth, line[-1] - smooth, len(xs) >= max(fast, slow) + signal - 1


def kama(xs: Sequence[float], n: int, fast: int, slow: int) -> Said:
    level = xs[min(n, len(xs)) - 1]
    quick, lazy = 2.0 / (float(fast) + 1.0), 2.0 / (float(slow) + 1.0)
    for bar in range(n, len(xs)):
        way = abs(xs[bar] - xs[bar - n])
        moves = sum_seq([abs(b - a) for a, b in pairwise(xs[bar - n : bar + 1])])
        efficiency = way / moves if way < moves else 1.0
        root = efficiency * (quick - lazy) + lazy
        level = level + (root * root) * (xs[bar] - level)
    return level, len(xs) > n


def standing(highs: Sequence[float], lows: Sequence[float], closes: Sequence[float], n: int) -> float:
    """Where the last close stands within the last n bars, in percent."""
    bottom, top, _ = donchian(highs, lows, n)
    return 100.0 * fdiv(closes[-1] - bottom, top - bottom) if top > bottom else 50.0


def _standings(
    highs: Sequence[float], lows: Sequence[float], closes: Sequence[float], n: int, last: int
) -> list[float]:
    bars = range(max(len(closes) - last, 0), len(closes))
    return [standing(highs[: k + 1], lows[: k + 1], closes[: k + 1], n) for k in bars]


def stochastic_fast(
    highs: Sequence[float], lows: Sequence[float], closes: Sequence[float], n: int, d: int
) -> tuple[float, float, bool]:
    k = _standings(highs, lows, closes, n, d)
    return k[-1], sma(k, d)[0], len(closes) >= n + d - 1


def stochastic_slow(
    highs: Sequence[float], lows: Sequence[float], closes: Sequence[float], n: int, k: int, d: int
) -> tuple[float, float, bool]:
    fast = _standings(highs, lows, closes, n, k + d - 1)
    slow = [sma(fast[: at + 1], k)[0] for at in range(max(len(fast) - d, 0), len(fast))]
    return slow[-1], sma(slow, d)[0], len(closes) >= n + k + d - 2


def williams_r(highs: Sequence[float], lows: Sequence[float], closes: Sequence[float], n: int) -> Said:
    bottom, top, full = donchian(highs, lows, n)
    return (-100.0 * fdiv(top - closes[-1], top - bottom) if top > bottom else -50.0), full


def cci(highs: Sequence[float], lows: Sequence[float], closes: Sequence[float], n: int) -> Said:
    typical = [((h + low) + c) / 3.0 for h, low, c in zip(highs, lows, closes, strict=True)][-n:]
    count = float(len(typical))
    mean = sum_seq(typical) / count
    deviation = sum_seq([abs(x - mean) for x in typical]) / count
    return (fdiv(typical[-1] - mean, 0.015 * deviation) if deviation > 0.0 else 0.0), len(typical) == n


def aroon(highs: Sequence[float], lows: Sequence[float], n: int) -> tuple[float, float, float, bool]:
    top, bottom = max([highs[-1], *highs[-1 - n : -1]]), min([lows[-1], *lows[-1 - n : -1]])
    since_top = next((age for age, x in enumerate(reversed(highs[-1 - n :])) if x >= top), len(highs[-1 - n :]))
    since_bottom = next((age for age, x in enumerate(reversed(lows[-1 - n :])) if x <= bottom), len(lows[-1 - n :]))
    up = 100.0 * (float(n - since_top) / float(n))
    down = 100.0 * (float(n - since_bottom) / float(n))
    return up, down, up - down, len(highs) > n


def momentum(xs: Sequence[float], n: int) -> Said:
    return (xs[-1] - xs[-1 - n], True) if len(xs) > n else (0.0, False)


def money_flow(
    highs: Sequence[float], lows: Sequence[float], closes: Sequence[float], volumes: Sequence[float], n: int
) -> Said:
    typical = [((h + low) + c) / 3.0 for h, low, c in zip(highs, lows, closes, strict=True)]
    if len(typical) == 1:
        return 50.0, False
    moves = [(a, b, b * v) for a, b, v in zip(typical, typical[1:], volumes[1:], strict=False)][-n:]
    up = sum_seq([money if b > a else 0.0 for a, b, money in moves])
    down = sum_seq([money if b < a else 0.0 for a, b, money in moves])
    return (100.0 * fdiv(up, up + down) if up + down > 0.0 else 50.0), len(moves) == n


def adx(
    highs: Sequence[float], lows: Sequence[float], closes: Sequence[float], n: int
) -> tuple[float, float, float, float, bool]:
    plus, minus, ranges = [], [], []
    for bar in range(1, len(closes)):
        up, down = highs[bar] - highs[bar - 1], lows[bar - 1] - lows[bar]
        plus.append(up if up > down and up > 0.0 else 0.0)
        minus.append(down if down > up and down > 0.0 else 0.0)
        before = closes[bar - 1]
        ranges.append(fmax(fmax(highs[bar] - lows[bar], abs(highs[bar] - before)), abs(lows[bar] - before)))

    def at(bars: int) -> tuple[float, float, float]:
        if bars == 0:
            return 0.0, 0.0, 0.0
        ranged = wilder(ranges[:bars], n)[0]
        p = 100.0 * fdiv(wilder(plus[:bars], n)[0], ranged) if ranged > 0.0 else 0.0
        m = 100.0 * fdiv(wilder(minus[:bars], n)[0], ranged) if ranged > 0.0 else 0.0
        return p, m, (100.0 * fdiv(abs(p - m), p + m) if p + m > 0.0 else 0.0)

    bars = len(ranges)
    average, warm = wilder([at(k)[2] for k in range(n, bars + 1)], n) if bars >= n else (0.0, False)
    return (*at(bars), average, warm)


def parabolic_sar(highs: Sequence[float], lows: Sequence[float], step: float, most: float) -> tuple[float, bool, bool]:
    if len(highs) == 1:
        return lows[0], True, False
    fall, rise = lows[0] - lows[1], highs[1] - highs[0]
    long = not (fall > rise and fall > 0.0)
    extreme, sar = (highs[1], lows[0]) if long else (lows[1], highs[0])
    first = fmin(step, most)
    speed = first
    near = 1  # at first, the bar before is this one
    said = sar
    for bar in range(1, len(highs)):
        high, low, high_before, low_before = highs[bar], lows[bar], highs[near], lows[near]
        near = bar
        if low <= sar if long else high >= sar:
            said = fmax(fmax(extreme, high_before), high) if long else fmin(fmin(extreme, low_before), low)
            long, speed = not long, first
            extreme = high if long else low
        else:
            said = sar
            if (high > extreme) if long else (low < extreme):
                speed = fmin(speed + step, most)
            extreme = fmax(extreme, high) if long else fmin(extreme, low)
        ahead = said + speed * (extreme - said)
        sar = fmin(fmin(ahead, low_before), low) if long else fmax(fmax(ahead, high_before), high)
    return said, long, True


def supertrend(
    highs: Sequence[float], lows: Sequence[float], closes: Sequence[float], n: int, width: float
) -> tuple[float, bool, bool]:
    upper = lower = 0.0
    rising, warm = True, False
    for bar, close in enumerate(closes):
        ranged, warm = atr(highs[: bar + 1], lows[: bar + 1], closes[: bar + 1], n)
        middle = (highs[bar] + lows[bar]) / 2.0
        above, below = middle + width * ranged, middle - width * ranged
        if bar == 0 or above < upper or closes[bar - 1] > upper:
            upper = above
        if bar == 0 or below > lower or closes[bar - 1] < lower:
            lower = below
        rising = not close < lower if rising else close > upper
    return (lower if rising else upper), rising, warm


def keltner(
    highs: Sequence[float], lows: Sequence[float], closes: Sequence[float], n: int, width: float
) -> tuple[float, float, float, bool]:
    middle, settled = ema(closes, n)
    ranged, warm = atr(highs, lows, closes, n)
    return middle - width * ranged, middle, middle + width * ranged, settled and warm


def obv(closes: Sequence[float], volumes: Sequence[float]) -> tuple[float]:
    signs = [1, *((b > a) - (b < a) for a, b in pairwise(closes))]
    return (sum_seq([v if sign > 0 else -v if sign < 0 else 0.0 for sign, v in zip(signs, volumes, strict=True)]),)


def vwap(prices: Sequence[float], volumes: Sequence[float], news: Sequence[bool]) -> tuple[float, float]:
    began = max((bar for bar, new in enumerate(news) if new), default=None)
    # What is carried begins at 0.0, a session with its own first values.
    money = [p * v for p, v in zip(prices, volumes, strict=True)]
    total, traded = (money[began], volumes[began]) if began is not None else (0.0, 0.0)
    for bar in range(0 if began is None else began + 1, len(prices)):
        total, traded = total + money[bar], traded + volumes[bar]
    return (fdiv(total, traded) if traded > 0.0 else prices[-1]), traded


def book_imbalance(bid: float, ask: float) -> float:
    return fdiv(bid - ask, bid + ask) if bid + ask > 0.0 else 0.0


def micro_price(bid: float, ask: float, bid_size: float, ask_size: float) -> float:
    both = bid_size + ask_size
    return fdiv(bid * ask_size + ask * bid_size, both) if both > 0.0 else (bid + ask) * 0.5


def rolling_zscore(xs: Sequence[float], n: int) -> Said:
    last = xs[-n:]
    mean = sum_seq(last) / float(len(last))
    deviation = math.sqrt(sum_seq([(x - mean) * (x - mean) for x in last]) / float(len(last)))
    return (fdiv(xs[-1] - mean, deviation) if deviation > 0.0 else 0.0), len(last) == n


def rolling_correlation(xs: Sequence[float], ys: Sequence[float], n: int) -> tuple[float, float, float, bool]:
    a, b = xs[-n:], ys[-n:]
    count = float(len(a))
    ma, mb = sum_seq(a) / count, sum_seq(b) / count
    covariance = sum_seq([(x - ma) * (y - mb) for x, y in zip(a, b, strict=True)]) / count
    va = sum_seq([(x - ma) * (x - ma) for x in a]) / count
    vb = sum_seq([(y - mb) * (y - mb) for y in b]) / count
    apart = math.sqrt(va) * math.sqrt(vb)
    correlation = fdiv(covariance, apart) if apart > 0.0 else 0.0
    return covariance, correlation, (fdiv(covariance, va) if va > 0.0 else 0.0), len(a) == n


def rolling_shape(xs: Sequence[float], n: int) -> tuple[float, float, bool]:
    last = xs[-n:]
    count = float(len(last))
    mean = sum_seq(last) / count
    gaps = [x - mean for x in last]
    m2 = sum_seq([d * d for d in gaps]) / count
    m3 = sum_seq([d * d * d for d in gaps]) / count
    m4 = sum_seq([(d * d) * (d * d) for d in gaps]) / count
    if not m2 > 0.0:
        return 0.0, 0.0, len(last) == n
    return fdiv(m3, m2 * math.sqrt(m2)), fdiv(m4, m2 * m2) - 3.0, len(last) == n


def ts_rank(xs: Sequence[float], n: int) -> Said:
    last = xs[-n:]
    lower = sum(x < xs[-1] for x in last)
    equal = sum(x == xs[-1] for x in last[:-1]) + 1
    return (float(lower) + (float(equal) + 1.0) / 2.0) / float(len(last)), len(last) == n


def kalman_level(xs: Sequence[float], move: float, seen: float) -> tuple[float, float, float]:
    level, variance, gain = xs[0], seen, 0.0
    for x in xs:
        before = variance + move
        gain = fdiv(before, before + seen)
        level, variance = level + gain * (x - level), (1.0 - gain) * before
    return level, variance, gain


def kalman_trend(xs: Sequence[float], move: float, turn: float, seen: float) -> tuple[float, float, float]:
    """The filter's matrices written out: F = [[1, 1], [0, 1]], H = [1, 0], Q = diag(move, turn), R = seen."""
    state, (v, c, w) = (xs[0], 0.0), (seen, 0.0, seen)
    for x in xs:
        v, c, w = ((v + 2.0 * c) + w) + move, c + w, w + turn
        gains = fdiv(v, v + seen), fdiv(c, v + seen)
        innovation = x - (state[0] + state[1])
        state = (state[0] + state[1]) + gains[0] * innovation, state[1] + gains[1] * innovation
        v, c, w = (1.0 - gains[0]) * v, (1.0 - gains[0]) * c, w - gains[1] * c
    return *state, v
