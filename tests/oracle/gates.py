"""Reference gates without memory of prices, and the episode counter. Sides are -1 and 1.

>>> f = [100.0 + ((i * 7919) % 101) * 0.001 for i in range(130)]
>>> vol_p60([f, f[::-1]])
0.0004961992802499452
>>> vol_p60([[100.0] * 62 + f, f])
0.0004961117740500308
>>> vol_regime_gate(0.000099, 5, 0.00009868), vol_regime_gate(0.00009868, 5, 0.00009868)
(True, False)
>>> vol_regime_gate(NAN, 500, 0.00009868), vol_regime_gate(0.0, 99, 0.0, wired=False)
(False, False)
>>> stablecoin_filter(3, 0b1000), stablecoin_filter(2, 0b1000)
(False, True)
>>> asset_pick([0.2, 0.7, 0.7, NAN], [0.5, 0.4, 0.9, 1.0], [True] * 4, 0.45), asset_pick([0.2], [0.1], [True], 0.45)
(2, -1)
>>> ob_edge_gate(5.0, 0.40), ob_edge_gate(4.999, 0.9), ob_edge_gate(0.0, 0.0, on=False)
(True, False, True)
>>> proxy_b(0.31, -0.12)
0.43
>>> entry_gate(True, True, True, True, True, True, True, True)
(True, 0)
>>> entry_gate(True, False, False, True, True, True, True, False)
(False, 134)
>>> st = (False, -1, 0, 0); r = []
>>> for e, a in ((True, 4), (True, 4), (True, 7), (False, 7), (True, 7)): st, o = sticky_episode(st, e, a); r.append(o)
>>> r
[(True, 1, 1), (False, 1, 2), (True, 2, 1), (False, 2, 0), (True, 3, 1)]
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.oracle.num import INF, NAN, isfin
from tests.oracle.sums import mean_std_np, pct_linear

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 14

__all__ = ["NAN"]

Episode = tuple[bool, int, int, int]


def vol_p60(
    files: Sequence[Sequence[float]], start: int = 60, win: int = 50, min_n: int = 10, q: float = 0.60
) -> float:
    pool = []
    for pr in files[:2]:
        for i in range(start, len(pr)):
            seg = pr[max(0, i - win) : i]
            if len(seg) < min_n:
                continue
            v = mean_std_np([(seg[j + 1] - seg[j]) / seg[j] for j in range(len(seg) - 1)])[1]
            if v > 0.0:
                pool.append(v)
    return pct_linear(pool, q)


def vol_regime_gate(dvol: float, bar: int, p60: float, wired: bool = True, fallback_bar: int = 100) -> bool:
    if not wired:
        return bar >= fallback_bar
    return isfin(dvol) and dvol > p60


def stablecoin_filter(asset_id: int, excluded: int) -> bool:
    return not ((excluded >> asset_id) & 1)


def irp_gate(align: float, min_alignment: float) -> bool:
    return align >= min_alignment


def asset_pick(score: Sequence[float], align: Sequence[float], keep: Sequence[bool], min_alignment: float) -> int:
    best, bi = -INF, -1
    for i in range(len(score)):
        if keep[i] and align[i] >= min_alignment and score[i] > best:
            best, bi = score[i], i
    return bi


def ob_edge_gate(
    edge_bps: float, confirm_rate: float, on: bool = True, min_edge: float = 5.0, min_confirm: float = 0.40
) -> bool:
    return (not on) or (edge_bps >= min_edge and confirm_rate >= min_confirm)


def proxy_b(instability_50: float, v750: float) -> float:
    return instability_50 - v750


def entry_gate(
    row: bool, vd: bool, vol: bool, dc_ok: bool, irp: bool, ob: bool, stable: bool, mc_ok: bool, slot_free: bool = True
) -> tuple[bool, int]:
    mask = 0
    for bit, ok in enumerate((row, vd, vol, dc_ok, irp, ob, stable, mc_ok, slot_free)):
        mask |= 0 if ok else (1 << bit)
    return mask == 0, mask


def sticky_episode(st: Episode, enter: bool, asset: int) -> tuple[Episode, tuple[bool, int, int]]:
    pe, pa, eid, ln = st
    new = enter and not (pe and pa == asset)
    eid = eid + 1 if new else eid
    ln = (1 if new else ln + 1) if enter else 0
    return (enter, asset if enter else -1, eid, ln), (new, eid, ln)
