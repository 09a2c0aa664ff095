"""Reference market maker. Beliefs are of the regimes calm, normal, volatile, extreme, with codes 0 to 3.

>>> vol_adj(0.02), vol_adj(0.04), vol_adj(0.01), vol_adj(0.06)
(1.0, 0.6666666666666666, 1.0, 0.5)
>>> cap_prop_max_position(100.0, 0.02, 30.90), cap_prop_max_position(100.0, 0.20, 30.90)
(1.6181229773462784, 0.3236245954692557)
>>> cap_prop_max_position(100.0, 0.058, 30.90), cap_prop_max_position(10000.0, 0.04, 30.90)
(0.8298066550493737, 107.87486515641855)
>>> pre_eff_max_position(5.0, 3.0, 1.6181229773462784)
1.6181229773462784
>>> sw = NO_SWING
>>> for t, p in ((0.0, 0.0), (20.0, 3.40), (100.0, -4.42), (250.0, 0.5)): sw, s = position_swing_5m(sw, p, t, 5.0)
>>> s, position_swing_5m(sw, 0.5, 560.0, 5.0)[1]
(1.564, 0.0)
>>> [swing_tier(v) for v in (1.0, 1.0000001, 1.564, 2.0, 2.1)]
[0, 1, 2, 2, 3]
>>> kill_limits(100.0, 50.0), kill_limits(10000.0, 5000.0)
((5.0, 2.0, 50.0, 0.5), (500.0, 200.0, 5000.0, 50.0))
>>> L = kill_limits(100.0, 50.0); st = (0, 0.0); r = []
>>> for p in (0.3, -1.6, 0.6, -1.39, -1.41, 5.0): st, k = kill_switch(st, p, 40.0, L); r.append(k)
>>> r, kill_switch((0, 0.0), -5.0, 40.0, L)[1], kill_switch((0, 0.0), -5.01, 40.0, L)[1]
([0, 0, 0, 0, 2, 2], 0, 1)
>>> kill_switch((0, 0.0), 0.0, 51.0, L)[1]
3
>>> g = 1.0
>>> for _ in range(3): g, o = regime_gamma_blend(g, (0.2, 0.3, 0.3, 0.2))
>>> o, regime_gamma_blend(1.2, (0.2, 0.3, 0.3, 0.2), (1.0, 1.2, 2.0, 3.0), 1.0)[1][1]
((1.2196425, 2.54), 1.7600000000000002)
>>> kl_uniform4((0.05, 0.15, 0.7, 0.1)), regime_label((NORMAL, 0.0), (0.05, 0.15, 0.7, 0.1), 29.0)
(0.47200877965279153, (1, 0.0))
>>> regime_label((NORMAL, 0.0), (0.05, 0.15, 0.7, 0.1), 30.0), regime_label((NORMAL, 0.0), (0.2, 0.25, 0.46, 0.09), 99.0)
((2, 30.0), (1, 0.0))
>>> regime_severity((0.0, 1.0, 0.0, 0.0)), regime_severity((0.2, 0.3, 0.3, 0.2))
(0.33, 0.5)
>>> risk_features(0.03, 0.02, 0.4, -1.2, 2.0, 0.9), risk_features(0.2, 0.02, 1.4, -5.0, 2.0, 0.0)
((0.4999999999999999, 0.4, 0.6, 0.8), (3.0, 1.0, 1.0, -1.0))
>>> [calibrated_gamma(0.0, 0.0, 0.0, 0.0, s) for s in (0.0, 0.33, 0.67, 1.0)]
[0.15, 0.2902188501603048, 0.5728565258049504, 1.1083584148395975]
>>> [k_exp(b) for b in (1.5, 0.8, 0.5, 0.6, 2.0)]
[4.4816890703380645, 2.225540928492468, 1.6487212707001282, 1.8221188003905089, 7.38905609893065]
>>> calibrated_gamma(3.0, 1.0, 1.0, 1.0, 1.0), calibrated_gamma(-1.0, 0.0, 0.0, -1.0, 0.0)
(8.0, 0.03)
>>> calibrated_gamma(0.5, 0.4, 0.6, 0.8, 0.51, bv=1.0, bt=0.5, bi=0.3, bh=0.4, br=0.0, gmin=0.05, gmax=5.0)
0.49801753841048213
>>> quote_gamma(1.1083584148395975, 6.0), quote_gamma(3.0, 6.0), quote_gamma(0.15, 0.7)
(6.6501504890375855, 8.0, 0.105)
>>> depth_asymmetry((3.0, 4.0, 2.5, 6.0, 4.5), (2.0, 2.0, 3.0, 1.0, 2.0)), depth_asymmetry((1.0,) * 5, (0.0,) * 5)
((2.0, 0.6931471805599453, True), (1.0, 0.0, False))
>>> kb = kappa_fit((99.9, 99.8, 99.7, 99.6, 99.5), (100.0, 50.0, 25.0, 12.0, 6.0), 100.0)
>>> ka = kappa_fit((100.1, 100.2, 100.3, 100.4, 100.5), (100.0, 90.0, 80.0, 70.0, 60.0), 100.0)
>>> kb, ka, kappa_asymmetry(kb, ka), kappa_fit((99.9, 99.8), (1.0, 1.0), 100.0)
(705.3937789160136, 127.29656758128742, 1.7122366565607645, 2000.0)
>>> dm, a = depth_momentum((0.0, 0.0, False), 0.2, 10.0); dm, b = depth_momentum(dm, 0.5, 12.0); a, b
(0.0, 0.15)
>>> fs, s0 = funding_skew((0.0, False), 0.0001); fs, s1 = funding_skew(fs, 0.0005); fs, s2 = funding_skew(fs, 0.02)
>>> s0, s1, s2, fs
(0.0, -0.4, -5.0, (0.00172144, True))
>>> oi_momentum(0.01, 12.0), oi_momentum(0.01, -12.0), oi_momentum(-0.01, -12.0)
((1.0, False), (-1.0, False), (0.0, True))
>>> oi_momentum(-0.01, 12.0), oi_momentum(0.001, 12.0)
((0.0, False), (0.0, False))
>>> skew_sum((1.5, 1.5, -0.4, 0.2), (False, False, True, True))
(-0.2, 2)
>>> margin_utilisation(0.0), margin_utilisation(0.33), margin_utilisation(1.0)
(0.85, 0.7344999999999999, 0.5)
>>> generation_envelope(30905, 30920, 1, (1.618, 2.0, 3.0), (0.3, 2.0, 3.0), 5, 10, True, True, 0.1, 10.0, 30.9125)
(30917, 30908, 1.618, 0.3, 5, 0, False)
>>> generation_envelope(30905, 30920, 0, (0.2, 2.0, 3.0), (0.0, 2.0, 3.0), 5, 10, True, True, 0.1, 10.0, 30.9125)[-1]
True
>>> 30.92 - 2 * 0.001, 0.3 / 0.1, math.floor(0.3 / 0.1)
(30.918000000000003, 2.9999999999999996, 2)
>>> e = generation_envelope(30905, 30920, 1, (1.6, 2.0, 3.0), (1.0, 2.0, 3.0), 5, 10, True, True, 0.1, 10.0, 30.9125)
>>> em, o = envelope_monitor((0,) * 6, 30917, 30908, e[0], e[1], 10, 9, False)
>>> em, o = envelope_monitor(em, 30918, None, e[0], e[1], 0, 0, True); em, o
((1, 1, 10, 9, 2, 1), (0.9, 0.5))
>>> edge_attribution_equal(36.0, [True] * 6)
[6.0, 6.0, 6.0, 6.0, 6.0, 6.0]
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tests.oracle.independence import effective_n, signal_corr
from tests.oracle.num import INF, clamp, ema_step, fdiv, fmax, fmin, k_exp, k_log, sum_seq

EXAMPLES = 43

NORMAL, EXTREME = 1, 3
TIER_OK, TIER_WIDEN, TIER_REDUCE_ONLY, TIER_PULL = 0, 1, 2, 3

Swing = tuple[tuple[tuple[int, float, float], ...], int | None, float]
NO_SWING: Swing = ((), None, 0.0)
Envelope = tuple[int, int, float, float, int, int, bool]
Counters = tuple[int, int, int, int, int, int]


def vol_adj(rv: float, baseline: float = 0.02, sens: float = 0.5) -> float:
    return 1.0 / (1.0 + sens * fmax(0.0, rv / baseline - 1.0))


def cap_prop_max_position(
    capital: float, rv: float, mark: float, budget: float = 0.50, min_usd: float = 10.0, baseline: float = 0.02,
    sens: float = 0.5, on: bool = True,
) -> float:  # fmt: skip
    if not on:
        return INF
    usd = fmax((capital * budget) * vol_adj(rv, baseline, sens), min_usd)
    return usd / mark


def pre_eff_max_position(margin_capacity: float, configured: float, capital_max: float) -> float:
    return fmin(fmin(margin_capacity, configured), capital_max)


def position_swing_5m(
    st: Swing, pos: float, t: float, max_pos: float, bucket_s: float = 10.0, buckets: int = 30
) -> tuple[Swing, float]:
    ring, last_slot, last_pos = st
    slot = math.floor(t / bucket_s)
    r = {s: (lo, hi) for s, lo, hi in ring}
    if last_slot is not None:
        for s in range(max(last_slot + 1, slot - buckets + 1), slot + 1):
            r[s] = (last_pos, last_pos)
    lo, hi = r.get(slot, (pos, pos))
    r[slot] = (fmin(lo, pos), fmax(hi, pos))
    ring = tuple((s, r[s][0], r[s][1]) for s in sorted(r) if s > slot - buckets)
    lo = INF
    hi = -INF
    for _, a, b in ring:
        lo = fmin(lo, a)
        hi = fmax(hi, b)
    return (ring, slot, pos), fdiv(hi - lo, max_pos)


def swing_tier(swing: float, widen: float = 1.0, reduce: float = 1.5, pull: float = 2.0) -> int:
    return (
        TIER_PULL if swing > pull
        else (TIER_REDUCE_ONLY if swing > reduce else (TIER_WIDEN if swing > widen else TIER_OK))
    )  # fmt: skip


def kill_limits(
    capital: float, max_position_usd: float, loss: float = 0.05, dd: float = 0.02, min_peak: float = 0.005
) -> tuple[float, float, float, float]:
    return capital * loss, capital * dd, max_position_usd, capital * min_peak


def kill_switch(
    st: tuple[int, float], pnl: float, pos_value: float, limits: tuple[float, float, float, float]
) -> tuple[tuple[int, float], int]:
    """0 none, 1 daily loss, 2 drawdown, 3 position."""
    tripped, peak = st
    loss, dd, pv, min_peak = limits
    peak = fmax(peak, pnl)
    if tripped == 0:
        if -pnl > loss:
            tripped = 1
        elif peak >= min_peak and peak - pnl > dd:
            tripped = 2
        elif pos_value > pv:
            tripped = 3
    return (tripped, peak), tripped


def regime_gamma_blend(
    g: float, beliefs: Sequence[float], mult: Sequence[float] = (0.7, 1.0, 3.0, 6.0), floor: float = 0.5,
    alpha: float = 0.05,
) -> tuple[float, tuple[float, float]]:  # fmt: skip
    blend = 0.0
    for p, m in zip(beliefs, mult, strict=True):
        blend = blend + p * m
    g = ema_step(g, blend, alpha, 1)
    return g, (fmax(g, floor), blend)


def kl_uniform4(b: Sequence[float]) -> float:
    kl = 0.0
    for p in b:
        if p > 1e-12:
            kl = kl + p * k_log(p / 0.25)
    return kl


def regime_label(
    st: tuple[int, float], beliefs: Sequence[float], t: float, margin: float = 0.20, kl_min: float = 0.3,
    to_ext: float = 0.0, from_ext: float = 300.0, up: float = 30.0, down: float = 120.0,
) -> tuple[int, float]:  # fmt: skip
    cur, t0 = st
    prop = 0
    for i in range(1, 4):
        if beliefs[i] > beliefs[prop]:
            prop = i
    need = to_ext if prop == EXTREME else (from_ext if cur == EXTREME else (up if prop > cur else down))
    go = (
        prop != cur and beliefs[prop] - beliefs[cur] > margin and kl_uniform4(beliefs) > kl_min and t - t0 >= need
    )  # fmt: skip
    return (prop, t) if go else st


def regime_severity(beliefs: Sequence[float], sev: Sequence[float] = (0.0, 0.33, 0.67, 1.0)) -> float:
    t = 0.0
    for p, s in zip(beliefs, sev, strict=True):
        t = t + p * s
    return t


def risk_features(
    sigma: float, sigma0: float, tox: float, pos: float, max_pos: float, activity_pct: float
) -> tuple[float, float, float, float]:
    ev = clamp((sigma - sigma0) / sigma0, -1.0, 3.0) if sigma0 > 1e-9 else 0.0
    inv = clamp(abs(pos) / max_pos, 0.0, 1.0) if max_pos > 1e-9 else 0.0
    return ev, clamp(tox, 0.0, 1.0), inv, clamp((activity_pct - 0.5) * 2.0, -1.0, 3.0)


def calibrated_gamma(
    vol: float, tox: float, inv: float, hawkes: float, sev: float, base: float = 0.15, bv: float = 1.5, bt: float = 0.8,
    bi: float = 0.5, bh: float = 0.6, br: float = 2.0, gmin: float = 0.03, gmax: float = 8.0,
) -> float:  # fmt: skip
    lg = ((((k_log(base) + bv * vol) + bt * tox) + bi * inv) + bh * hawkes) + br * sev
    return clamp(k_exp(lg), gmin, gmax)


def quote_gamma(gamma: float, mult: float, gmin: float = 0.03, gmax: float = 8.0) -> float:
    return clamp(gamma * mult, gmin, gmax)


def depth_asymmetry(bid_sz: Sequence[float], ask_sz: Sequence[float]) -> tuple[float, float, bool]:
    b = sum_seq(bid_sz[:5])
    a = sum_seq(ask_sz[:5])
    if not (b > 0.0 and a > 0.0):
        return 1.0, 0.0, False
    r = b / a
    return r, k_log(r), True


def kappa_fit(
    px: Sequence[float], sz: Sequence[float], mid: float, prior: float = 2000.0, kmin: float = 50.0, kmax: float = 10000.0
) -> float:  # fmt: skip
    n = sx = sy = sxy = sxx = 0.0
    for p, q in zip(px, sz, strict=True):
        d = abs(p - mid) / mid
        if q > 0.0 and d > 0.0:
            y = k_log(q)
            n = n + 1.0
            sx = sx + d
            sy = sy + y
            sxy = sxy + d * y
            sxx = sxx + d * d
    den = n * sxx - sx * sx
    if n < 3.0 or abs(den) < 1e-10:
        return prior
    return clamp(-((n * sxy - sx * sy) / den), kmin, kmax)


def kappa_asymmetry(kb: float, ka: float) -> float:
    return k_log(kb / ka)


def depth_momentum(
    st: tuple[float, float, bool], log_ratio: float, t: float
) -> tuple[tuple[float, float, bool], float]:
    prev, t0, seeded = st
    m = (log_ratio - prev) / (t - t0) if seeded and t > t0 else 0.0
    return (log_ratio, t, True), m


def funding_skew(
    st: tuple[float, bool], rate: float, gain: float = 0.1, max_skew: float = 5.0, alpha: float = 0.08, on: bool = True
) -> tuple[tuple[float, bool], float]:
    ew, seeded = st
    excess = rate - ew
    skew = clamp(((-excess) * 10000.0) * gain, -max_skew, max_skew) if (on and seeded) else 0.0
    return (ema_step(ew, rate, alpha) if seeded else rate, True), skew


def oi_momentum(d_oi: float, d_px: float, oi_eps: float = 0.001, px_eps: float = 5.0) -> tuple[float, bool]:
    up, dn = d_oi > oi_eps, d_oi < -oi_eps
    d = 1.0 if (up and d_px > px_eps) else (-1.0 if (up and d_px < -px_eps) else 0.0)
    return d, dn and d_px < -px_eps


def skew_sum(sig: Sequence[float], mask: Sequence[bool]) -> tuple[float, int]:
    t = 0.0
    k = 0
    for v, m in zip(sig, mask, strict=True):
        if m:
            t = t + v
            k += 1
    return t, k


def with_fallback(sig: Sequence[float], use: Sequence[bool], native: bool) -> tuple[list[float], list[bool]]:
    """Signals and which count, where those of other venues (the first two) are the book's (the third) if they have no source."""
    values = [sig[2] if native and k < 2 and not use[k] else sig[k] for k in range(4)]
    return values, [use[k] or (native and k < 2) for k in range(4)]


def effective_signals(past: Sequence[Sequence[float]], use: Sequence[bool]) -> float:
    """The participation ratio of the signals that count: n n over the sum of the squares of their correlations."""
    kept = [k for k in range(len(use)) if use[k]]
    if not kept:
        return 0.0
    of_all = signal_corr(tuple(tuple(row) for row in past))
    return effective_n([[of_all[i][j] for j in kept] for i in kept])


def margin_utilisation(sev: float, calm: float = 0.85, extreme: float = 0.50) -> float:
    return calm - sev * (calm - extreme)


def generation_envelope(
    bid_t: int, ask_t: int, stale_t: int, caps_bid: Sequence[float], caps_ask: Sequence[float], configured: int, quota: int,
    bid_ok: bool, ask_ok: bool, min_size: float, min_notional: float, mid: float,
) -> Envelope:  # fmt: skip
    """(bid ceiling, ask floor, bid capacity, ask capacity, bid levels, ask levels, empty)."""
    size = fmax(min_size, min_notional / mid)

    def side(caps: Sequence[float], ok: bool) -> tuple[float, int]:
        cap = fmax(fmin(fmin(caps[0], caps[1]), caps[2]), 0.0)
        fits = cap / size + 1e-9
        whole = configured if fits == INF else math.floor(fits)  # more than any number of levels
        lv = min(configured, whole, quota) if ok else 0
        return cap, max(lv, 0)

    cb, lb = side(caps_bid, bid_ok)
    ca, la = side(caps_ask, ask_ok)
    return ask_t - 2 - stale_t, bid_t + 2 + stale_t, cb, ca, lb, la, lb == 0 and la == 0


def envelope_monitor(
    st: Counters, bid_px_t: int | None, ask_px_t: int | None, bid_ceil_t: int, ask_floor_t: int, generated: int,
    placed: int, over_capacity: bool,
) -> tuple[Counters, tuple[float, float]]:  # fmt: skip
    b, c, g, p, n, z = st
    bid_beyond = bid_px_t is not None and bid_px_t > bid_ceil_t
    ask_beyond = ask_px_t is not None and ask_px_t < ask_floor_t
    b = b + (1 if bid_beyond or ask_beyond else 0)
    c = c + (1 if over_capacity else 0)
    st = (b, c, g + generated, p + placed, n + 1, z + (1 if generated == 0 else 0))
    return st, (fdiv(float(st[3]), float(st[2])), float(st[5]) / float(st[4]))


def edge_attribution_equal(pnl_bps: float, active: Sequence[bool]) -> list[float]:
    k = 0
    for a in active:
        k += 1 if a else 0
    return [pnl_bps / float(k) if a else 0.0 for a in active] if k else [0.0] * len(active)
