"""Reference signals that look back over many bars. A window is a tuple, oldest first; sides are -1 and 1.

>>> h = ()
>>> for i in range(12): h, o = dvol50(h, 100.0 + 0.01 * (i % 3))
>>> o, len(h)
((0.00013745698050890922, True), 12)
>>> h = ()
>>> for p in (10.0, 9.9, 9.95, 9.8, 9.7): h, o = irp_alignment(h, p, -1)
>>> o, irp_gate(o[0], 0.45), irp_gate(o[0], 0.0)
((0.75, 0.7500000000000044, False), True, True)
>>> h = ()
>>> for i in range(40): h, o = prank500(h, float((i * 17) % 40))
>>> o, prank500(h, 7.0)[1], prank500(h, -1.0)[1], prank500((), 1.0)[1]
((0.5897435897435898, True), (0.175, True), (0.0, True), (0.5, False))
>>> h = ()
>>> for i in range(99): h, o = subregime_tags(h, 100.0 - i * 0.1, 55.0, -0.03, 50.0)
>>> o
(True, True, False, 95.1, True)
"""

from __future__ import annotations

from tests.oracle.gates import irp_gate
from tests.oracle.num import NAN
from tests.oracle.sums import mean_std_np, sum_seq

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 12

__all__ = ["irp_gate"]

Window = tuple[float, ...]


def dvol50(h: Window, price: float, win: int = 50, min_n: int = 10) -> tuple[Window, tuple[float, bool]]:
    if len(h) < min_n:
        out = (NAN, False)
    else:
        ret = [(h[i + 1] - h[i]) / h[i] for i in range(len(h) - 1)]
        out = (mean_std_np(ret)[1], True)
    return (*h, price)[-win:], out


def irp_alignment(h: Window, price: float, side: int, lookback: int = 100) -> tuple[Window, tuple[float, float, bool]]:
    h = (*h, price)[-(lookback + 1) :]
    n = len(h) - 1
    if n < 1:
        return h, (0.0, 0.0, False)
    hit = 0.0
    path = 0.0
    for i in range(n):
        d = (h[i + 1] - h[i]) * side
        hit = hit + (1.0 if d > 0.0 else 0.0)
        path = path + abs(d)
    net = (h[-1] - h[0]) * side
    return h, (hit / float(n), net / path if path > 0.0 else 0.0, n == lookback)


def prank500(
    h: Window, x: float, win: int = 500, min_hist: int = 20, fallback: float = 0.5
) -> tuple[Window, tuple[float, bool]]:
    if x != x:
        return h, (fallback, False)
    n = len(h)
    below = 0.0
    for v in h:
        below = below + (1.0 if v < x else 0.0)
    out = (below / float(n), True) if n >= min_hist else (fallback, False)
    return (*h, x)[-win:], out


def subregime_tags(
    h: Window, btc: float, dvol_idx: float, vel_div: float, dvol_split: float, ma_n: int = 99, strong: float = -0.05
) -> tuple[Window, tuple[bool, bool, bool, float, bool]]:
    h = (*h, btc)[-ma_n:]
    warm = len(h) == ma_n
    ma = sum_seq(h) / float(len(h))
    return h, (warm and btc < ma, dvol_idx > dvol_split, vel_div < strong, ma, warm)
