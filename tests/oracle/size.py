"""Reference sizing. Status codes: direction 0 neutral, 1 confirm, 2 contradict; forewarner 0 ok, 1 orange, 2 red; posture 1 is
stalker; order-book shape 0 ramp, 1 step.

>>> base_cubic_sizer(-0.0337, 9.0)
(1.3095000185185186, 0.2, 0.45666666666666667, 0.0952352962962963)
>>> [base_cubic_sizer(*x)[0] for x in ((-0.0337, 8.0), (-0.035, 9.0), (-0.02, 9.0), (-0.05, 9.0), (-605.0, 9.0))]
[1.2142647222222223, 1.5625000000000007, 0.5, 9.0, 9.0]
>>> -0.02 - -0.05, base_cubic_sizer(-0.05 + 1e-18, 8.0)[2], base_cubic_sizer(NAN, 9.0)[0]
(0.030000000000000002, 1.0, nan)
>>> dc_lev_mult(1), dc_lev_mult(2), dc_lev_mult(2, skip_contradicts=False), dc_lev_mult(2, use_reduce=False), dc_lev_mult(0)
((1.0, False), (0.5, True), (0.5, False), (1.0, True), (1.0, False))
>>> acb_boost(0.0, 0.1, 0.2), acb_boost(1.0, 0.3, 0.2), acb_boost(2.0, 0.3, 0.2)
((1.0, 0.2), (1.3465735902799727, 0.8), (1.549306144334055, 0.8))
>>> acb_boost(2.0, 0.3, 0.2, c=0.1, beta_in_boost=True)[0]
1.6732506358807795
>>> mc_scale(0), mc_scale(1), mc_scale(2)
((1.0, False), (0.5, False), (0.0, True))
>>> regime_size_mult(1.3465735902799727, 1.1, 1.0), regime_size_mult(1.4, 1.15, 0.8), regime_size_mult(1.3, 1.0, 0.0)
(1.48123094930797, 1.288, 0.0)
>>> 1.4 * (1.15 * 0.8)
1.2879999999999998
>>> market_ob_mult(-0.09, 46 / 48, -1), market_ob_mult(-0.09, 46 / 48, 1), market_ob_mult(-0.09, 1.0, -1, shape=1)
((1.1722222222222223, 0.09), (0.8708333333333333, -0.09), (1.2, 0.09))
>>> market_ob_mult(-0.08, 1.0, -1), market_ob_mult(-0.5, 0.70, -1)
((1.0, 0.08), (1.0, 0.5))
>>> [esof_mult(x) for x in (0.5, 0.02, 0.0199, -0.0199, -0.02, NAN)]
[1.0, 1.0, 0.8, 0.8, 0.3, 0.4]
>>> esof_mult(0.5, fresh=False), esof_mult(0.0, weight=0.5), esof_mult(-1.0, weight=0.5), 1.0 - (1.0 - 0.3)
(0.4, 0.9, 0.65, 0.30000000000000004)
>>> esof_haircut_post(4.0912345678, 20456.172839, 0.8), esof_haircut_post(4.0912345678, 20456.172839, 1.3)
((3.272988, 16364.9382712, True), (4.0912345678, 20456.172839, False))
>>> esof_haircut_post(4.0912345678, 20456.172839, 0.9999999999)[2], esof_haircut_post(1.3333333333, 6666.6666665, 0.65)
(False, (0.866667, 4333.333333225, True))
>>> hazard_base_max(0.0, 8.0), hazard_base_max(0.0), hazard_base_max(0.4, 8.0), hazard_base_max(1.0, 8.0)
(8.0, 6.0, 6.0, 3.0)
>>> hazard_base_max(7.0, 8.0), mc_ref_view()
(3.0, (5.0, 5.0, 5.0))
>>> lev_compose(1.309515, 1.0, 1.6, 1.2, 0.8, 0, 8.0, 9.0)
(2.01141504, 2.01141504, 9.0)
>>> lev_compose(8.0, 1.0, 1.6, 1.2, 1.0, 0, 8.0, 9.0), lev_compose(8.0, 1.0, 1.0, 1.0, 1.0, 0, 8.0, 9.0)[0]
((9.0, 15.36, 9.0), 8.0)
>>> lev_compose(8.0, 1.0, 1.6, 1.2, 1.0, 1, 8.0, 9.0), lev_compose(8.0, 1.0, 1.6, 1.2, 0.0, 0, 8.0, 9.0)
((2.0, 15.36, 2.0), (0.5, 0.0, 0.0))
>>> lev_compose(NAN, 1.0, 1.0, 1.0, 1.0, 0, 8.0, 9.0)[0]
0.5
>>> lev_compose(2.3, 1.1, 1.3, 1.07, 0.65, 0, 8.0, 9.0)[1] == 2.3 * (1.1 * (1.3 * (1.07 * 0.65)))
False
>>> notional(25000.0, 9.0), notional(25000.0, 2.0113), notional(33820.0, 1.309515)
((45000.0, 1.8), (10056.5, 0.40226), (8857.55946, 0.261903))
>>> [exch_lev_linear(v, 3.0) for v in (0.5, 2.625, 2.624, 6.875, 6.876, 9.0, 12.0)]
[1, 2, 1, 2, 3, 3, 3]
>>> [exch_lev_linear(v, 10.0) for v in (0.5, 1.309515, 4.09, 9.0)]
[1, 2, 5, 10]
>>> for key, value in five_factor(-0.041, 1, 2.0, 0.3, 0.2, 1.05, 0, -0.09, 46 / 48, -1, 0.0, 0, 25000.0).items(): print(key, value)
base 3.0724999999999993
dc 1.0
regime 1.6267714515507579
ob 1.1722222222222223
esof 0.8
raw 4.687252733829899
cap 9.0
lev 4.687252733829899
notional 23436.263669149495
x 2
skip False
halt False
>>> five_factor(-0.08, 1, 2.0, 0.3, 0.2, 1.05, 0, -0.09, 46 / 48, -1, 0.5, 1, 25000.0)["lev"]
2.0
"""

from __future__ import annotations

from tests.oracle.num import NAN, clamp, fdiv, fmax, fmin, k_log, powc, py_round, rint_even

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 27

__all__ = ["NAN"]


def base_cubic_sizer(
    vel_div: float, hi: float, thr: float = -0.02, ext: float = -0.05, lo: float = 0.5, convexity: float = 3.0,
    fraction: float = 0.20,
) -> tuple[float, float, float, float]:  # fmt: skip
    s = clamp(fdiv(thr - vel_div, thr - ext), 0.0, 1.0)
    c = powc(s, convexity)
    lev = lo + c * (hi - lo)
    return lev, fraction, s, c


def dc_lev_mult(
    status: int, boost: float = 1.0, reduce: float = 0.5, skip_contradicts: bool = True, use_reduce: bool = True
) -> tuple[float, bool]:
    skip = skip_contradicts and status == 2
    m = boost if status == 1 else (reduce if (use_reduce and status == 2) else 1.0)
    return m, skip


def acb_boost(
    signals: float, w750: float, w750_split: float, c: float = 0.0, gain: float = 0.5, beta_hi: float = 0.8,
    beta_lo: float = 0.2, beta_in_boost: bool = False,
) -> tuple[float, float]:  # fmt: skip
    base = 1.0 + gain * k_log(1.0 + fmax(signals, 0.0))
    beta = beta_hi if w750 >= w750_split else beta_lo
    return (base * (1.0 + beta * c) if beta_in_boost else base), beta


def mc_scale(status: int, ok: float = 1.0, orange: float = 0.5, red: float = 0.0) -> tuple[float, bool]:
    return (ok if status == 0 else (orange if status == 1 else red)), status == 2


def regime_size_mult(acb: float, meta: float = 1.0, mc: float = 1.0) -> float:
    return (acb * meta) * mc


def market_ob_mult(
    imb: float, agree: float, side: int, imb_thr: float = 0.08, agree_thr: float = 0.70, up: float = 1.20,
    down: float = 0.85, shape: int = 0,
) -> tuple[float, float]:  # fmt: skip
    eff = side * imb
    w = 1.0 if shape == 1 else clamp((agree - agree_thr) / (1.0 - agree_thr), 0.0, 1.0)
    if not agree > agree_thr:
        return 1.0, eff
    if eff > imb_thr:
        return 1.0 + w * (up - 1.0), eff
    if eff < -imb_thr:
        return 1.0 - w * (1.0 - down), eff
    return 1.0, eff


def esof_mult(
    score: float, present: bool = True, fresh: bool = True, weight: float = 1.0, neutral: float = 0.8, unfav: float = 0.3,
    stale_fb: float = 0.4, edge: float = 0.02,
) -> float:  # fmt: skip
    if not present or not fresh or score != score:
        return stale_fb
    m = 1.0 if score >= edge else (unfav if score <= -edge else neutral)
    return m if weight == 1.0 else 1.0 - weight * (1.0 - m)


def esof_haircut_post(lev: float, notional: float, mult: float, near1: float = 1e-9) -> tuple[float, float, bool]:
    m = clamp(mult, 0.0, 1.0)
    if abs(m - 1.0) < near1:
        return lev, notional, False
    return py_round(lev * m, 6), py_round(notional * m, 12), True


def hazard_base_max(
    hazard: float, soft_cap: float | None = None, floor: float = 3.0, default_ceiling: float = 6.0
) -> float:
    ceil_ = default_ceiling if soft_cap is None else soft_cap
    h = clamp(hazard, 0.0, 1.0)
    return ceil_ - h * (ceil_ - floor)


def mc_ref_view(mc_ref: float = 5.0) -> tuple[float, float, float]:
    return mc_ref, mc_ref, mc_ref


def lev_compose(
    base: float, dc: float, regime: float, ob: float, esof: float, posture: int, base_max: float, abs_max: float,
    stalker_cap: float = 2.0, lo: float = 0.5, esof_in: bool = True, stalker_on: bool = True, floor_on: bool = True,
) -> tuple[float, float, float]:  # fmt: skip
    e = esof if esof_in else 1.0
    raw = (((base * dc) * regime) * ob) * e
    cap = ((base_max * regime) * ob) * e
    cap = fmin(cap, abs_max)
    cap = fmin(cap, stalker_cap) if (stalker_on and posture == 1) else cap
    lev = fmin(raw, cap)
    lev = fmax(lo, lev) if floor_on else lev
    return lev, raw, cap


def notional(capital: float, lev: float, fraction: float = 0.20) -> tuple[float, float]:
    return (capital * fraction) * lev, fraction * lev


def exch_lev_linear(lev: float, cap: float, src_lo: float = 0.5, src_hi: float = 9.0) -> int:
    y = 1.0 + ((lev - src_lo) * (cap - 1.0)) / (src_hi - src_lo)
    return int(rint_even(clamp(y, 1.0, cap))) if y == y else 0


def five_factor(
    vel_div: float, dc_status: int, signals: float, w750: float, w750_split: float, meta: float, mc_status: int, imb: float,
    agree: float, side: int, score: float, posture: int, capital: float, hi: float = 8.0, base_max: float = 8.0,
    abs_max: float = 9.0, dc_boost: float = 1.0, cap_x: float = 3.0,
) -> dict[str, float]:  # fmt: skip
    base, frac, _, c = base_cubic_sizer(vel_div, hi)
    dc, skip = dc_lev_mult(dc_status, boost=dc_boost, use_reduce=False)
    acb, _ = acb_boost(signals, w750, w750_split, c)
    mc, halt = mc_scale(mc_status)
    reg = regime_size_mult(acb, meta, mc)
    ob, _ = market_ob_mult(imb, agree, side)
    es = esof_mult(score)
    lev, raw, cap = lev_compose(base, dc, reg, ob, es, posture, base_max, abs_max)
    n, _ = notional(capital, lev, frac)
    x = exch_lev_linear(lev, cap_x)
    return {
        "base": base, "dc": dc, "regime": reg, "ob": ob, "esof": es, "raw": raw, "cap": cap, "lev": lev, "notional": n, "x": x,
        "skip": skip, "halt": halt,
    }  # fmt: skip
