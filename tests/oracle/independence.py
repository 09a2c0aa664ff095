"""Reference independence and attribution, for any number of signals.

>>> import random
>>> rnd = random.Random(7); h = ()
>>> for _ in range(500):
...     u = rnd.gauss(0, 1); h = signal_corr_push(h, [u] * 6)
>>> C = signal_corr(h); effective_n(C), is_degenerate(C, 0, 5), C[0][5]
(1.0, True, 1.0)
>>> h = ()
>>> for _ in range(500):
...     u = rnd.gauss(0, 1); v = rnd.gauss(0, 1); h = signal_corr_push(h, [u, 0.5 * u + v, v, rnd.gauss(0, 1), 1.0])
>>> C = signal_corr(h); effective_n(C), is_degenerate(C, 0, 1), is_degenerate(C, 1, 2), C[1][4]
(3.5914570284208587, False, True, 0.0)
>>> effective_n([[1.0 if i == j else 0.0 for j in range(6)] for i in range(6)])
6.0
>>> scarcity_premium(1.0, 6.0), scarcity_premium(3.0, 6.0), scarcity_premium(6.0, 6.0)
(1.183503419072274, 0.5857864376269049, 0.0)
>>> shapley_r2([[1.0, 1.0], [1.0, 1.0]], [0.6, 0.6], 1.0)
([0.18, 0.18], 0.36)
>>> shapley_r2([[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 2.0]], [0.5, 0.3, 0.4], 1.0)
([0.20666666666666667, 0.046666666666666676, 0.08000000000000002], 0.33333333333333337)
>>> st = welford_start(3)
>>> for a, b, y in ((1.0, 2.0, 1.5), (2.0, 1.0, 1.9), (3.0, 5.0, 4.2), (4.0, 4.0, 3.9)): st = welford_cov(st, (a, b, y))
>>> C = st[2]; shapley_r2([r[:2] for r in C[:2]], C[2][:2], C[2][2])
([0.45484727755644083, 0.5234617087206729], 0.9783089862771137)
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tests.oracle.num import NAN, clamp, sum_seq

EXAMPLES = 14

Matrix = Sequence[Sequence[float]]
History = tuple[tuple[float, ...], ...]
Welford = tuple[int, list[float], list[list[float]]]


def signal_corr_push(h: History, x: Sequence[float], win: int = 500) -> History:
    return (*h, tuple(x))[-win:]


def signal_corr(h: History) -> list[list[float]]:
    n = len(h[0])
    m = float(len(h))
    mu = [sum_seq([r[i] for r in h]) / m for i in range(n)]
    c = [[1.0] * n for _ in range(n)]
    sums = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i, n):
            t = 0.0
            for r in h:
                t = t + (r[i] - mu[i]) * (r[j] - mu[j])
            sums[i][j] = sums[j][i] = t
    for i in range(n):
        for j in range(i + 1, n):
            d = math.sqrt(sums[i][i] * sums[j][j])
            c[i][j] = c[j][i] = clamp(sums[i][j] / d, -1.0, 1.0) if d > 0.0 else 0.0
    return c


def effective_n(c: Matrix) -> float:
    t = 0.0
    for row in c:
        for rho in row:
            t = t + rho * rho
    n = float(len(c))
    return (n * n) / t


def is_degenerate(c: Matrix, a: int, b: int, thr: float = 0.8) -> bool:
    return abs(c[a][b]) > thr


def scarcity_premium(eff: float, nominal: float, max_bps: float = 2.0) -> float:
    if not eff < nominal:
        return 0.0
    share = eff / nominal
    return (1.0 - (math.sqrt(share) if share >= 0.0 else NAN)) * max_bps  # IEEE's root, which does not raise


def welford_start(k: int) -> Welford:
    return 0, [0.0] * k, [[0.0] * k for _ in range(k)]


def welford_cov(st: Welford, x: Sequence[float]) -> Welford:
    n, mean, sums = st
    n = n + 1
    k = len(x)
    dx = [x[i] - mean[i] for i in range(k)]
    mean = [mean[i] + dx[i] / float(n) for i in range(k)]
    sums = [row[:] for row in sums]
    for i in range(k):
        for j in range(i, k):
            sums[i][j] = sums[i][j] + dx[i] * (x[j] - mean[j])
            sums[j][i] = sums[i][j]
    return (n, mean, sums)


def r2_subset(members: Sequence[int], c: Matrix, cy: Sequence[float], vy: float, tol: float = 1e-12) -> float:
    kept: list[tuple[int, list[float], float, float]] = []
    acc = 0.0
    for i in members:
        row: list[float] = []
        for a in range(len(kept)):
            v = c[i][kept[a][0]]
            for b in range(a):
                v = v - (row[b] * kept[b][2]) * kept[a][1][b]
            row.append(v / kept[a][2])
        d = c[i][i]
        z = cy[i]
        for a in range(len(kept)):
            d = d - (row[a] * row[a]) * kept[a][2]
            z = z - row[a] * kept[a][3]
        if not d > tol * c[i][i]:
            continue
        kept.append((i, row, d, z))
        acc = acc + (z * z) / d
    return clamp(acc / vy, 0.0, 1.0)


def shapley_r2(c: Matrix, cy: Sequence[float], vy: float) -> tuple[list[float], float]:
    n = len(cy)
    if not vy > 0.0:
        return [0.0] * n, 0.0
    f = math.factorial
    w = [f(k) * f(n - k - 1) / f(n) for k in range(n)]
    r2 = [r2_subset([i for i in range(n) if m >> i & 1], c, cy, vy) for m in range(1 << n)]
    phi = []
    for i in range(n):
        t = 0.0
        for m in range(1 << n):
            if not m >> i & 1:
                t = t + w[m.bit_count()] * (r2[m | (1 << i)] - r2[m])
        phi.append(t)
    return phi, r2[(1 << n) - 1]
