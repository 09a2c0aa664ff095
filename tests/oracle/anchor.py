"""Reference anchor basis. Sign 0 counts the CLOB above the AMM as positive, 1 the other way; form 0 is delta, 1 convex.

>>> quote_anchor_cap(1.4321, 1.4400)
(1.4335320999999999, True, 9.999999999999556, 55.16374554849534)
>>> quote_anchor_cap(1.4, 1.4400)[2], quote_anchor_cap(1.4321, 1.4325)[1:]
(9.999999999998899, (False, 2.7931010404313805, 2.7931010404313805))
>>> structural_basis_bps(1.4321, 1.4400), structural_basis_bps(1.4321, 1.4400, 1), 1.4321 - 1.4400
(-55.16374554849534, 55.16374554849534, -0.007900000000000018)
>>> st = COLD; out = []
>>> for t in range(38): st, b = basis_baseline(st, 10.0, span=50.0); out.append(residual_distortion_bps(10.0, b))
>>> set(out), st
({0.0}, (10.0, 38, True))
>>> st, b = basis_baseline(COLD, 2.0); st, b = basis_baseline(st, 10.0); b, residual_distortion_bps(10.0, b)
(2.1059602649006623, 7.894039735099337)
>>> wu = WARMING; n = 0
>>> while wu[0]: wu, w = anchor_warmup(wu, 0.4); n += 1
>>> n
20
>>> wu = WARMING; n = 0
>>> while wu[0]: wu, w = anchor_warmup(wu, 4.0); n += 1
>>> n, anchor_warmup((False, 0, 0), 99.0)[1]
(50, False)
>>> baseline_restore(11.4, 171, 0.0, 86400.0)
((11.4, 171, True), (False, 0, 0), 1, False)
>>> baseline_restore(11.4, 171, 0.0, 86400.5)[2:], baseline_restore(float("nan"), 5, 0.0, 1.0)[2:]
((0, False), (0, True))
>>> baseline_restore(None, None, None, 1.0)[2:]
(0, False)
>>> g = QUIET; b = COLD; w = WARMING; log = []
>>> for t in range(400):
...     x = 2.0 if t < 60 else 16.0
...     b, base = basis_baseline(b, x); r = residual_distortion_bps(x, base)
...     w, warming = anchor_warmup(w, r)
...     g, o = residual_guard(g, r, warming)
...     if o[1]: log.append((t, o[1], o[2], o[3], base))
>>> log
[(69, 1, 6.509801567881889, 0.5, 3.747597736344131), (189, 2, 2.8160093230477456, 0.0, 13.526341283029955)]
>>> g = QUIET
>>> for t in range(38): g, o = residual_guard(g, 0.0, False)
>>> o
(0, 0, 0.0, 0.0)
>>> eff = quote_anchor_cap(1.4321, 1.4400)[2]; g = QUIET
>>> for t in range(38): g, o = residual_guard(g, eff, False)
>>> o
(1, 0, 9.999999999999554, 1.0)
>>> anchor_summary([10.0, 12.0, 18.2, 16.0], [0.0, 1.5, 6.8, -5.0])
(14.05, 14.0, 8.2, 0.8250000000000002, 50.0, 6.8)
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from tests.oracle.num import NAN, alpha_from_span, clamp, ema_step, fmax, fmin, isfin, sum_seq

EXAMPLES = 26

ACTIVE, IDLE = 0, 1
EV_NONE, EV_ENTER, EV_EXIT, EV_SUPPRESSED = 0, 1, 2, 3

State = tuple[float, int, bool]
WarmUp = tuple[bool, int, int]
GuardState = tuple[int, tuple[float, ...], int]
COLD: State = (0.0, 0, False)
WARMING: WarmUp = (True, 0, 0)
QUIET: GuardState = (ACTIVE, (), 0)


def quote_anchor_cap(clob_mid: float, amm: float, cap_bps: float = 10.0) -> tuple[float, bool, float, float]:
    f = cap_bps / 10000.0
    lo = clob_mid * (1.0 - f)
    hi = clob_mid * (1.0 + f)
    qa = clamp(amm, lo, hi)
    return (
        qa, amm < lo or amm > hi, ((qa - clob_mid) / clob_mid) * 10000.0, ((amm - clob_mid) / clob_mid) * 10000.0,
    )  # fmt: skip


def structural_basis_bps(clob_mid: float, amm: float, sign: int = 0) -> float:
    d = clob_mid - amm if sign == 0 else amm - clob_mid
    return (d / clob_mid) * 10000.0


def basis_baseline(st: State, basis: float, span: float = 150.0, form: int = 0) -> tuple[State, float]:
    base, count, seeded = st
    if not isfin(basis):
        return st, base
    base = ema_step(base, basis, alpha_from_span(span), form) if seeded else basis
    return (base, count + 1, True), base


def residual_distortion_bps(basis: float, baseline: float) -> float:
    return basis - baseline


def anchor_warmup(
    st: WarmUp, residual: float, warmup_ticks: int = 50, stable_bps: float = 1.0, stable_n: int = 20
) -> tuple[WarmUp, bool]:
    warming, ticks, run = st
    if not warming:
        return st, False
    ticks = ticks + 1
    run = run + 1 if abs(residual) <= stable_bps else 0
    warming = not (ticks >= warmup_ticks or run >= stable_n)
    return (warming, ticks, run), warming


def baseline_restore(
    baseline: float | None, count: int | None, closed_at: float | None, now: float, max_age: float = 86400.0
) -> tuple[State, WarmUp, int, bool]:
    """Mode 0 is cold, 1 warm."""
    if baseline is None or count is None or closed_at is None:
        return COLD, WARMING, 0, False
    if not isfin(baseline) or not isfin(closed_at) or count <= 0:
        return COLD, WARMING, 0, True
    age = now - closed_at
    if age < 0.0:
        return COLD, WARMING, 0, True
    if age > max_age:
        return COLD, WARMING, 0, False
    return (baseline, count, True), (False, 0, 0), 1, False


def residual_guard(
    st: GuardState, residual: float, warming: bool, lookback: int = 20, entry_bps: float = 6.0, sample_bps: float = 5.0,
    prevalence: float = 0.40, exit_bps: float = 3.0, exit_hold: int = 5,
) -> tuple[GuardState, tuple[int, int, float, float]]:  # fmt: skip
    mode, h, run = st
    h = (*h, residual)[-lookback:]
    n = float(len(h))
    mean = sum_seq(h) / n
    hit = 0.0
    for v in h:
        hit = hit + (1.0 if abs(v) >= sample_bps else 0.0)
    prev = hit / n
    ev = EV_NONE
    if mode == ACTIVE:
        if len(h) == lookback and abs(mean) >= entry_bps and prev >= prevalence:
            if warming:
                ev = EV_SUPPRESSED
            else:
                mode, run, ev = IDLE, 0, EV_ENTER
    else:
        run = run + 1 if abs(mean) <= exit_bps else 0
        if run >= exit_hold:
            mode, run, ev = ACTIVE, 0, EV_EXIT
    return (mode, h, run), (mode, ev, mean, prev)


def median(values: Sequence[float]) -> float:
    """Of no order, and so NaN, where a value is NaN: `sorted` leaves those in any order."""
    return NAN if any(v != v for v in values) else statistics.median(values)


def anchor_summary(
    basis: Sequence[float], residual: Sequence[float], floor_bps: float = 5.0
) -> tuple[float, float, float, float, float, float]:
    n = float(len(basis))
    hit = 0.0
    mx = 0.0
    for r in residual:
        hit = hit + (1.0 if abs(r) >= floor_bps else 0.0)
        mx = fmax(mx, abs(r))
    return (
        sum_seq(basis) / n, median(basis), max(basis) - min(basis), sum_seq(residual) / n, (hit / n) * 100.0, mx,
    )  # fmt: skip


def session_summary(
    ticks: Sequence[tuple[float, float, bool]], floor_bps: float = 5.0
) -> tuple[float, float, float, float, float]:
    """Of basis and residual of all ticks: mean and range of the one; mean, share of large ones and the largest of the other."""
    basis, residual = [tick[0] for tick in ticks], [tick[1] for tick in ticks]
    n, least, most, largest = float(len(ticks)), basis[0], basis[0], 0.0
    for b, r in zip(basis, residual, strict=True):
        least, most, largest = fmin(least, b), fmax(most, b), fmax(largest, abs(r))
    above = sum(abs(r) >= floor_bps for r in residual)
    return sum_seq(basis) / n, most - least, sum_seq(residual) / n, (float(above) / n) * 100.0, largest
