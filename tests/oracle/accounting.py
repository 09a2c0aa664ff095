"""Reference accounting, and hygiene of recorded data.

>>> st = account(25000.0)
>>> for p in (427.5, -120.0, 380.25, -900.0, 0.0, 610.0): st = equity(st, p)
>>> st
(25397.75, 25687.75, 0.035036155365884517, 1417.75, 1020.0, 3, 6)
>>> perf_summary(st)
(1.591, 3.503615536588452, 0.45410233611111106, 1.3899509803921568, 0.5)
>>> 181.81 / 17.65, 88.55 / 15.05
(10.300849858356942, 5.883720930232558)
>>> st = (0, 0.0, 0.0)
>>> for r in (0.01, -0.004, 0.02, 0.0, 0.013): st = sharpe_step(st, r)
>>> sharpe(st)
17.075662689995983
>>> t, a = emission_dedup({}, 7, 1.5); t, b = emission_dedup(t, 7, 1.5); t, c = emission_dedup(t, 7, -0.5); a, b, c
((True, False), (False, False), (True, True))
>>> artifact_filter(1, 5), artifact_filter(4, 5), artifact_filter(1, 0)
(True, False, False)
>>> vd = [-0.06 + 0.0004 * i for i in range(100)]
>>> curve_parity(vd, [base_cubic_sizer(v, 9.0)[0] for v in vd], lambda v: base_cubic_sizer(v, 9.0)[0])
(0.9999999950472027, 0.0009897777777778671, True)
>>> curve_parity(vd, [base_cubic_sizer(v, 9.0)[0] for v in vd], lambda v: base_cubic_sizer(v, 8.0)[0])
(0.999999995047203, 1.0, False)
>>> st, o = factor_tail_probe((0, 0), 2.0, 1.309515); st, o2 = factor_tail_probe(st, 9.0, 9.0); o, o2
((1.5272830017220116, 1.0), (1.0, 0.5))
>>> events = [(True, 3, True, 2.0, True, 0), (True, 0, True, 3.0, False, 2), (False, 1, False, 9.0, True, 2), (True, 1, False, 0.0, True, 1)]
>>> engine_counters(events)
((1, 0, 1, 0, 0), 2, 2.5, 3, 1, 1)
>>> day_totals([(True, True, False, 1.0), (False, False, True, 1.0), (False, True, True, 2.0)]), day_totals([(True, False, True, -1.0)])
((3, 2, 2, 3.0), (1, 0, 1, -1.0))
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from tests.oracle.num import NAN, clamp, fdiv, fmax
from tests.oracle.size import base_cubic_sizer
from tests.oracle.sums import median, sum_seq

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 17

__all__ = ["base_cubic_sizer"]

Account = tuple[float, float, float, float, float, int, int]
Welford = tuple[int, float, float]


def account(c0: float) -> Account:
    return c0, c0, 0.0, 0.0, 0.0, 0, 0


def equity(st: Account, pnl: float) -> Account:
    eq, peak, mdd, gp, gl, wins, n = st
    eq = eq + pnl
    peak = fmax(peak, eq)
    mdd = fmax(mdd, (peak - eq) / peak)
    gp = gp + pnl if pnl > 0.0 else gp
    gl = gl - pnl if pnl < 0.0 else gl
    return eq, peak, mdd, gp, gl, wins + (1 if pnl > 0.0 else 0), n + 1


def perf_summary(st: Account, c0: float = 25000.0) -> tuple[float, float, float, float, float]:
    eq, _, mdd, gp, gl, wins, n = st
    roi = ((eq - c0) / c0) * 100.0
    dd = mdd * 100.0
    return roi, dd, fdiv(roi, dd), fdiv(gp, gl), fdiv(float(wins), float(n))


def sharpe_step(st: Welford, r: float) -> Welford:
    n, mean, m2 = st
    n = n + 1
    d = r - mean
    mean = mean + d / float(n)
    m2 = m2 + d * (r - mean)
    return n, mean, m2


def sharpe(st: Welford, per_year: float = 365.0) -> float:
    """NaN also where the squares overflowed below zero, of which Python has no root."""
    n, mean, m2 = st
    if n < 2 or m2 / float(n) < 0.0:
        return NAN
    return fdiv(mean, math.sqrt(m2 / float(n))) * math.sqrt(per_year)


def emission_dedup(
    table: Mapping[int, float], trade_id: int, pnl: float
) -> tuple[Mapping[int, float], tuple[bool, bool]]:
    if trade_id in table and table[trade_id] == pnl:
        return table, (False, False)
    flag = trade_id in table
    return {**table, trade_id: pnl}, (True, flag)


def artifact_filter(reason: int, bars_held: int) -> bool:
    return reason != 4 and bars_held != 0


def pearson(x: Sequence[float], y: Sequence[float]) -> float:
    n = float(len(x))
    mx = sum_seq(x) / n
    my = sum_seq(y) / n
    sxy = sxx = syy = 0.0
    for a, b in zip(x, y, strict=True):
        dx = a - mx
        dy = b - my
        sxy = sxy + dx * dy
        sxx = sxx + dx * dx
        syy = syy + dy * dy
    return clamp(fdiv(sxy, math.sqrt(sxx * syy)), -1.0, 1.0)


def curve_parity(
    vel_div: Sequence[float],
    recorded: Sequence[float],
    sizer: Callable[[float], float],
    lo: float = -0.06,
    hi: float = -0.02,
    width: float = 0.0025,
    min_rows: int = 5,
) -> tuple[float, float, bool]:
    bins: dict[int, list[tuple[float, float]]] = {}
    for v, r in zip(vel_div, recorded, strict=True):
        if lo <= v < hi:
            bins.setdefault(math.floor((v - lo) / width), []).append((v, r))
    a, b = [], []
    for k in sorted(bins):
        if len(bins[k]) >= min_rows:
            a.append(sizer(median([v for v, _ in bins[k]])))
            b.append(median([r for _, r in bins[k]]))
    err = 0.0
    for p, q in zip(a, b, strict=True):
        err = fmax(err, abs(p - q))
    rho = pearson(a, b)
    return rho, err, rho >= 0.999 and err <= 0.25


def factor_tail_probe(
    st: tuple[int, int], recorded: float, base: float, thr: float = 1.05
) -> tuple[tuple[int, int], tuple[float, float]]:
    n, above = st
    ratio = fdiv(recorded, base)
    n, above = n + 1, above + (1 if ratio > thr else 0)
    return (n, above), (ratio, float(above) / float(n))


def engine_counters(
    events: Sequence[tuple[bool, int, bool, float, bool, int]],
) -> tuple[tuple[int, ...], int, float, int, int, int]:
    """Of all bars: exits by reason (1 to 5), entries, their mean leverage, days, orange days, red days."""
    exits = tuple(sum(1 for closed, why, *_ in events if closed and why == reason) for reason in range(1, 6))
    levs = [lev for _, _, opened, lev, *_ in events if opened]
    days = [status for *_, new_day, status in events if new_day]
    total = 0.0
    for lev in levs:
        total = total + lev
    return exits, len(levs), total / max(float(len(levs)), 1.0), len(days), days.count(1), days.count(2)


def day_totals(bars: Sequence[tuple[bool, bool, bool, float]]) -> tuple[int, int, int, float]:
    """Of the bars of one day: how many, entries, trades, and what these earned."""
    total = 0.0
    for _, _, closed, pnl in bars:
        total = total + pnl if closed else total
    return len(bars), sum(o for _, o, _, _ in bars), sum(c for _, _, c, _ in bars), total
