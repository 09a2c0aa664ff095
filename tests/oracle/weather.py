"""Reference functions of the weather cross-bracket bot, in plain Python. Enums are their codes; what is absent is None.

>>> settlement_revenue_cents(1.0, 1.0, RES_YES), settlement_revenue_cents(1.0, 1.0, RES_NO), settlement_revenue_cents(3.0, 0.0, RES_NO), settlement_revenue_cents(2.5, 0.0, RES_YES), settlement_revenue_cents(0.005, 0.0, RES_YES), settlement_revenue_cents(5.0, 5.0, RES_UNKNOWN)
(100, 100, 0, 250, 0, 0)
>>> settlement_profit_cents(1.0, 1.0, RES_NO, 90, 0, 0), settlement_profit_cents(1.0, 0.0, RES_NO, 12, 1, 0)
((10, True, True), (-13, False, False))
>>> sigma_floor(1.0, "KXHIGHNY"), sigma_floor(2.7, "KXHIGHCHI"), sigma_floor(0.1, "KXHIGHDEN")
(1.86, 2.7, 0.3)
>>> combine_gaussian((38.0, 54.0), (2.0, 3.0), (True, True)), combine_gaussian((38.0, 54.0), (2.0, 3.0), (True, True), False), combine_gaussian((71.0,), (1.5,), (True,))
((42.92307692307693, 7.569793600087719, 2), (42.92307692307693, 1.6641005886756874, 2), (71.0, 1.5, 1))
>>> bracket_edges(38.5), bracket_prob(48.0, 1.0, *bracket_edges(38.5)), bracket_prob(48.0, 1.0, *bracket_edges(38.5), p_floor=0.0), bracket_prob(40.0, 2.0, *bracket_edges(38.5))
((37.5, 39.5), 0.005, 0.0, 0.29564390065022106)
>>> bracket_prob(70.0, 1.0, 73.5, 75.5), bracket_prob(70.0, 1.0, 73.5, 75.5, 0.0), bracket_prob(70.0, 2.0, 73.5, 75.5), bracket_prob(70.0, 1.0, 71.4 - 1.0, 71.4 + 1.0), bracket_prob(70.0, 2.0, 74.0, INF)
(0.005, 0.00023261008947206285, 0.037079393628763, 0.3363807224650778, 0.02275013194817932)
>>> [conviction_gate(bracket_prob(70.0, 1.0, 70.0 + d - 1.0, 70.0 + d + 1.0), 30.0, 60.0) for d in (0.0, 0.8, 1.3, 1.4)], conviction_gate(0.65, 60.0, 40.0), conviction_gate(0.35, 30.0, 70.0, min_edge=1.0), 1.0 - 0.35 >= 0.65
([1, 0, 0, 2], 1, 0, True)
>>> a = bracket_prob(70.0, 1.0, 72.5, 74.5); b = bracket_prob(70.0, sigma_floor(1.0, "KXHIGHNY"), 72.5, 74.5); a, b
(0.006206267652651309, 0.08168625337930546)
>>> conviction_gate(a, 2.0, 93.0, min_edge=3.0), conviction_gate(b, 2.0, 93.0, min_edge=3.0), conviction_gate(b, 2.0, 93.0)
(2, 0, 2)
>>> family_live(True, True, True, 1e12, True, 0.0), family_live(False, True, True, 86400.0, True, 86399.0), family_live(False, True, True, 86400.0, True, 86400.0)
(False, True, False)
>>> st, o = metar_channel((0, 0.0, False), 126, 36.0, 48.0, 1.0, None); st, o = metar_channel(st, 126, 38.0, 48.0, 1.0, 0.0); o, metar_channel(st, 126, None, 48.0, 1.0, 1.7, True)[1], metar_channel(st, 127, None, 50.0, 3.0, None)[1]
(((48.0, 1.0), (38.0, 2.0)), ((38.0, 1.7), (38.0, 1.7)), ((50.0, 3.0), (nan, nan)))
>>> s, o = stash_once((NAN, False), (38.0, True), False); s, o1 = stash_once(s, (NAN, False), True); s, o2 = stash_once(s, (NAN, False), True); o1, o2
((38.0, True), (nan, False))
>>> st = (0, 0.0)
>>> for p, o in ((0.9, True), (0.3, False), (0.005, True)): st, b = brier(st, p, o)
>>> b
0.3633416666666667
>>> h = ()
>>> for a, p in ((38.5, 49.5), (85.5, 73.0)): h, o = sigma_residual_rmse(h, a, p)
>>> o, abs(38.5 - 49.5) / 1.38, abs(85.5 - 73.0) / 4.23
((11.773911839316616, False), 7.971014492753624, 2.9550827423167845)
>>> drift_alert(SRC_MANUAL, 1000.0, 400.0), drift_alert(SRC_MANUAL, 1000.1, 400.0), drift_alert(SRC_MANUAL, 1000.0, None), drift_alert(SRC_XB, 1000.0, 900.0)
(True, False, False, False)
>>> [coid_prefix(c) for c in ("mm_xb_exit_9", "mm_xbexit_9", "mm_xb_9", "mm_a_1", "hand")], fill_source_tagger(None, SRC_XB), fill_source_tagger(None, None)
([3, 3, 2, 1, 0], 2, 0)
>>> t, a = posted_orders({}, 11, SRC_XB, 5.0); t, b = posted_orders(t, 11, SRC_LEGACY, 6.0); t, c = posted_orders(t, 12, None, 6.0); a, b, c, t
(True, False, False, {11: (2, 5.0)})
>>> backfill_source(SRC_MANUAL, 100.0, True, 9, 41.0, None), backfill_source(SRC_MANUAL, 40000.0, True, 15, None, 0.0), backfill_source(SRC_MANUAL, 40000.0, True, 16, None, 0.0)
(2, 3, 0)
>>> backfill_settlement((0, -90, False), 1.0, 1.0, RES_YES, 90, 0), backfill_settlement((100, 10, True), 1.0, 1.0, RES_YES, 90, 0)[1]
(((100, 10, True), True), False)
>>> fast_path_sigma(4.2, True), conviction_gate(bracket_prob(48.0, fast_path_sigma(4.2, True), *bracket_edges(38.5)), 95.0, 5.0), bracket_prob(38.0, 2.0, *bracket_edges(38.5))
(1.0, 2, 0.37207897330605555)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tests.oracle.num import INF, NAN, clamp, fdiv, fmax, isfin, k_ncdf, rint_even
from tests.oracle.sums import sum_seq

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 24

RES_UNKNOWN, RES_YES, RES_NO = 0, 1, 2
ACT_NONE, ACT_BUY_YES, ACT_BUY_NO = 0, 1, 2
SRC_MANUAL, SRC_LEGACY, SRC_XB, SRC_XB_EXIT = 0, 1, 2, 3

FAMILY_FLOOR = {"KXHIGHLAX": 1.34, "KXHIGHMIA": 1.73, "KXHIGHNY": 1.86, "KXHIGHAUS": 1.95, "KXHIGHCHI": 2.39}

Stash = tuple[float, bool]
Metar = tuple[int, float, bool]


def settlement_revenue_cents(yes: float, no: float, result: int) -> int:
    n = yes if result == RES_YES else (no if result == RES_NO else 0.0)
    return int(rint_even(n * 100.0))


def settlement_profit_cents(
    yes: float, no: float, result: int, cost: int, fees: int, reported_rev: int | None = None
) -> tuple[int, bool, bool]:
    rev = settlement_revenue_cents(yes, no, result)
    p = rev - cost - fees
    return p, p > 0, reported_rev is not None and reported_rev != rev


def sigma_floor(sigma: float, family: str, table: Mapping[str, float] = FAMILY_FLOOR, physical: float = 0.3) -> float:
    return fmax(fmax(sigma, table.get(family, 0.0)), physical)


def combine_gaussian(
    mu: Sequence[float], sigma: Sequence[float], use: Sequence[bool], dispersion: bool = True
) -> tuple[float, float, int]:
    """Divisions are IEEE's, for spreads whose square is no ordinary number."""
    kept = [(m, s) for m, s, u in zip(mu, sigma, use, strict=True) if u and isfin(m) and isfin(s) and s > 0.0]
    if not kept:
        return NAN, NAN, 0
    W = M = D = 0.0  # noqa: N806 - as in the formula
    for m, s in kept:
        w = fdiv(1.0, s * s)
        W = W + w  # noqa: N806
        M = M + w * m  # noqa: N806
    c = fdiv(M, W)
    for m, s in kept:
        w = fdiv(1.0, s * s)
        D = D + w * ((m - c) * (m - c))  # noqa: N806
    return c, math.sqrt(fdiv(1.0, W) + (fdiv(D, W) if dispersion else 0.0)), len(kept)


def bracket_edges(label_mid: float) -> tuple[float, float]:
    return label_mid - 1.0, label_mid + 1.0


def bracket_prob(mu: float, sigma: float, lo: float, hi: float, p_floor: float = 0.005) -> float:
    a = 0.0 if lo == -INF else k_ncdf((lo - mu) / sigma)
    b = 1.0 if hi == INF else k_ncdf((hi - mu) / sigma)
    return clamp(b - a, p_floor, 1.0 - p_floor)


def conviction_gate(p: float, yes_ask: float, no_ask: float, thr: float = 0.65, min_edge: float = -100.0) -> int:
    if p >= thr and p * 100.0 - yes_ask >= min_edge:
        return ACT_BUY_YES
    q = 1.0 - p
    if q >= thr and q * 100.0 - no_ask >= min_edge:
        return ACT_BUY_NO
    return ACT_NONE


def family_live(blocked: bool, env_on: bool, kv_value: bool, kv_expires: float, kv_present: bool, now: float) -> bool:
    if blocked:
        return False
    return env_on and kv_present and kv_value and kv_expires > now


def metar_channel(
    st: Metar,
    day: int,
    temp: float | None,
    blended: float,
    blended_sigma: float,
    rmse: float | None,
    only_running: bool = False,
    fallback: float = 2.0,
) -> tuple[Metar, tuple[tuple[float, float], tuple[float, float]]]:
    d, hi, seeded = st
    if d != day:
        d, hi, seeded = day, 0.0, False
    if temp is not None and isfin(temp):
        hi, seeded = (fmax(hi, temp) if seeded else temp), True
    sg = rmse if (rmse is not None and isfin(rmse) and rmse > 0.0) else fallback
    alt = (hi, sg) if seeded else (NAN, NAN)
    return (d, hi, seeded), (alt if only_running else (blended, blended_sigma), alt)


def stash_once(st: Stash, put: Stash, take: bool) -> tuple[Stash, Stash]:
    cur = put if put[1] else st
    return ((NAN, False), cur) if take else (cur, (NAN, False))


def brier(st: tuple[int, float], p: float, outcome: bool) -> tuple[tuple[int, float], float]:
    n, s = st
    d = p - (1.0 if outcome else 0.0)
    n, s = n + 1, s + d * d
    return (n, s), s / float(n)


def sigma_residual_rmse(
    h: tuple[float, ...], actual: float, pred: float, win: int = 18, min_n: int = 10
) -> tuple[tuple[float, ...], tuple[float, bool]]:
    h = (*h, (actual - pred) * (actual - pred))[-win:]
    return h, (math.sqrt(sum_seq(h) / float(len(h))), len(h) >= min_n)


def drift_alert(source: int, t: float, last_post: float | None, window: float = 600.0) -> bool:
    return source == SRC_MANUAL and last_post is not None and 0.0 <= t - last_post <= window


def coid_prefix(coid: str) -> int:
    if coid.startswith("mm_xb_exit_") or coid.startswith("mm_xbexit_"):  # noqa: PIE810 - one prefix each
        return SRC_XB_EXIT
    if coid.startswith("mm_xb_"):
        return SRC_XB
    return SRC_LEGACY if coid.startswith("mm_") else SRC_MANUAL


def fill_source_tagger(payload_tag: int | None, posted_tag: int | None) -> int:
    if payload_tag is not None:
        return payload_tag
    return posted_tag if posted_tag is not None else SRC_MANUAL


def posted_orders(
    table: dict[int, tuple[int, float]], order_id: int | None, tag: int | None, t: float
) -> tuple[dict[int, tuple[int, float]], bool]:
    if order_id is None or tag is None or order_id in table:
        return table, False
    d = dict(table)
    d[order_id] = (tag, t)
    return d, True


def backfill_source(
    tag: int, t: float, side_yes: bool, price_cents: int, t_dec: float | None, t_no_entry: float | None,
    near: float = 60.0, exit_price: int = 15, exit_after: float = 43200.0,
) -> int:  # fmt: skip
    if tag != SRC_MANUAL:
        return tag
    if t_dec is not None and abs(t - t_dec) <= near:
        return SRC_XB
    if side_yes and price_cents <= exit_price and t_no_entry is not None and 0.0 <= t - t_no_entry <= exit_after:
        return SRC_XB_EXIT
    return SRC_MANUAL


def backfill_settlement(
    row: tuple[int, int, bool], yes: float, no: float, result: int, cost: int, fees: int
) -> tuple[tuple[int, int, bool], bool]:
    rev = settlement_revenue_cents(yes, no, result)
    p, won, _ = settlement_profit_cents(yes, no, result, cost, fees)
    new = (rev, p, won)
    return new, new != row


def fast_path_sigma(sigma: float, past_peak: bool, locked: float = 1.0) -> float:
    return locked if past_peak else sigma
