"""Reference sums in their declared orders, and what rests on them: deviation, percentile, median.

>>> sum_seq([0.1] * 10), sum_np([0.1] * 10), pct_linear([4.0, 1.0, 3.0, 2.0], 0.6)
(0.9999999999999999, 1.0, 2.8)
"""

from __future__ import annotations

import math
from collections.abc import Sequence

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 1


def sum_seq(a: Sequence[float]) -> float:
    t = 0.0
    for v in a:
        t = t + v
    return t


def sum_np(a: Sequence[float]) -> float:
    n = len(a)
    if n < 8:
        return sum_seq(a)
    if n <= 128:
        q = list(a[:8])
        i = 8
        while i < n - (n % 8):
            for j in range(8):
                q[j] = q[j] + a[i + j]
            i += 8
        t = ((q[0] + q[1]) + (q[2] + q[3])) + ((q[4] + q[5]) + (q[6] + q[7]))
        while i < n:
            t = t + a[i]
            i += 1
        return t
    h = n // 2
    h -= h % 8
    return sum_np(a[:h]) + sum_np(a[h:])


def mean_std_np(a: Sequence[float]) -> tuple[float, float]:
    n = float(len(a))
    m = sum_np(a) / n
    return m, math.sqrt(sum_np([(v - m) * (v - m) for v in a]) / n)


def pct_linear(v: Sequence[float], q: float) -> float:
    s = sorted(v)
    n = len(s)
    h = (n - 1) * q
    i = math.floor(h)
    t = h - i
    a = s[i]
    b = s[min(i + 1, n - 1)]
    d = b - a
    return b - d * (1.0 - t) if t >= 0.5 else a + d * t


def median(v: Sequence[float]) -> float:
    s = sorted(v)
    n = len(s)
    return s[n // 2] if n & 1 else (s[n // 2 - 1] + s[n // 2]) / 2.0
