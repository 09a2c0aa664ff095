"""Reference signals and gates. Sides are -1 and 1; direction is 0 neutral, 1 confirm, 2 contradict.

>>> row_guard(-605.0, 0.31), row_guard(NAN, 0.31), row_guard(-0.03, 0.0)
(True, False, False)
>>> vel_div_gate(-0.02), vel_div_gate(-0.0200000001), vel_div_gate(-0.06), vel_div_gate(NAN)
((False, False, -1), (True, False, -1), (True, True, -1), (False, False, -1))
>>> h = ()
>>> for p in (100.0, 100.0, 99.999, 99.998, 99.998, 99.997, 99.995, 99.99): h, o = direction_confirm(h, p, -1)
>>> o
(1, -1.0000000000005116)
>>> direction_confirm(h, 100.02, -1)[1], direction_confirm((100.0,) * 7, 100.0075, -1)[1]
((2, 1.999999999999602), (0, 0.7499999999993179))
"""

from __future__ import annotations

from tests.oracle.num import NAN, isfin

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 6

__all__ = ["NAN", "direction_confirm", "row_guard", "vel_div_gate"]


def row_guard(vel_div: float, price: float) -> bool:
    return isfin(vel_div) and isfin(price) and price > 0.0


def vel_div_gate(vel_div: float, thr: float = -0.02, ext: float = -0.05, side: int = -1) -> tuple[bool, bool, int]:
    return vel_div < thr, vel_div < ext, side


def direction_confirm(
    h: tuple[float, ...], price: float, side: int, lookback: int = 7, min_bps: float = 0.75, on: bool = True
) -> tuple[tuple[float, ...], tuple[int, float]]:
    h = (*h, price)[-(lookback + 1) :]
    if not on or len(h) <= lookback:
        return h, (0, 0.0)
    move = ((h[-1] - h[0]) / h[0]) * 10000.0
    fav = side * move
    st = 1 if fav > min_bps else (2 if fav < -min_bps else 0)
    return h, (st, move)
