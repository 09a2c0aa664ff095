"""Reference sizing after composition: boost, venue leverage along a cubic, margin.

>>> adaptive_boost(4.0, 20000.0, 0.10, 0.8), adaptive_boost(4.0, 20000.0, 0.35, 0.8)
((5.8, 29000.0, 1.45), (4.0, 20000.0, 1.0))
>>> adaptive_boost(4.0, 20000.0, NAN, 0.8)[2]
1.0
>>> adaptive_boost(8.0, 40000.0, 0.0, 0.8), adaptive_boost(8.0, 40000.0, 0.0, 0.8, reclamp=False)
((9.0, 45000.0, 1.125), (13.04, 65199.99999999999, 1.63))
>>> [exch_lev_cubic3(v) for v in (0.5, 5.8, 5.85, 8.2, 8.3, 9.0)]
[1, 1, 1, 2, 3, 3]
>>> margin_fit(45000.0, 25000.0, 1.0), margin_fit(45000.0, 25000.0, 2.0)
((45000.0, 1.8, False), (22500.0, 0.9, True))
>>> margin_fit(45250.0, 25000.0, 2.0)[1], margin_fit(45000.0, 25000.0, 3.0)[1]
(0.905, 0.6)
"""

from __future__ import annotations

from tests.oracle.num import NAN, clamp, fdiv, fmax, fmin, rint_even

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 6

__all__ = ["NAN"]


def adaptive_boost(
    lev: float,
    notional_usd: float,
    prank: float,
    day_beta: float,
    threshold: float = 0.35,
    alpha: float = 1.0,
    adaptive_beta: bool = True,
    lev_cap: float = 9.0,
    reclamp: bool = True,
) -> tuple[float, float, float]:
    alpha_eff = alpha * (1.0 + day_beta) if adaptive_beta else alpha
    scale = fmax(1.0, 1.0 + alpha_eff * fmax(0.0, threshold - prank))
    if reclamp:
        scale = fmax(1.0, fmin(scale, fdiv(lev_cap, lev)))
    out = lev * scale
    return (fmin(out, lev_cap) if reclamp else out), notional_usd * scale, scale


def exch_lev_cubic3(lev: float, cap: float = 3.0, src_lo: float = 0.5, src_hi: float = 9.0) -> int:
    """NaN has no integer: it gives 0."""
    t = clamp((lev - src_lo) / (src_hi - src_lo), 0.0, 1.0)
    return int(rint_even(1.0 + ((t * t) * t) * (cap - 1.0))) if t == t else 0


def margin_fit(notional_usd: float, capital: float, x: float) -> tuple[float, float, bool]:
    margin = notional_usd / x
    util = margin / capital
    return margin, util, util <= 1.0
