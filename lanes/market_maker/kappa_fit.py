"""How fast a side of the book thins out."""

from __future__ import annotations

from dag import as_unit, lane, params
from lanes.market_maker.depth import LEVELS, Prices, Sizes
from lanes.num.clamp import clamp
from lanes.num.k_log import k_log
from lanes.units import Kappa, Price

#: Fewer levels than this fit no line.
LEAST_LEVELS = 3.0
#: The determinant, a squared fraction, from which on levels count as apart.
LEAST_SPREAD = 1e-10


@params
class KappaFit:
    """What to assume without a fit, and the limits of one."""

    prior: Kappa = 2000.0
    kmin: Kappa = 50.0
    kmax: Kappa = 10000.0


@lane
def kappa_fit(px: Prices, sz: Sizes, mid: Price, p: KappaFit) -> Kappa:
    """The decay rate of one side: least squares of ln(size) on the distance from the mid, as a fraction of it.

    Units    prices [px], sizes [contracts], result [kappa], which is one over a fraction
    Bits     sums from 0.0, best level first; the slope is (n sxy - sx sy) / (n sxx - sx sx)
    Edges    levels without size or on the mid are left out; with fewer than three, or all at about one distance, the prior. The
             determinant is a difference of numbers that are nearly equal: its bits are pinned as they come
    [chosen] all of it, as in the published code
    """
    n = 0.0
    sx = 0.0
    sy = 0.0
    sxy = 0.0
    sxx = 0.0
    for level in range(LEVELS):
        d = abs(px[level] - mid) / mid
        size = as_unit(sz[level], "1")
        valid = size > 0.0 and d > 0.0
        y = k_log(size)
        n = n + 1.0 if valid else n
        sx = sx + d if valid else sx
        sy = sy + y if valid else sy
        sxy = sxy + d * y if valid else sxy
        sxx = sxx + d * d if valid else sxx
    spread = n * sxx - sx * sx
    if n < LEAST_LEVELS or abs(spread) < LEAST_SPREAD:
        return p.prior
    slope = (n * sxy - sx * sy) / spread
    kappa = clamp(as_unit(-slope, "kappa"), p.kmin, p.kmax)
    return kappa


@lane
def kappa_asymmetry(kb: Kappa, ka: Kappa) -> float:
    """ln(kb / ka): above 0 the bid side thins out faster.

    Units    decay rates [kappa], result in nats
    Source   the market maker's redesign
    """
    return k_log(kb / ka)
