"""A portable normal distribution."""

from __future__ import annotations

from dag import lane
from lanes.num.clamp import clamp
from lanes.num.k_exp import k_exp

TERMS = 80
#: ln sqrt(2 pi), the nearest binary64.
LN_SQRT_2PI = 0.9189385332046727


@lane(taps=False)
def k_ncdf(z: float) -> float:
    """The standard normal distribution function at `z`, with z limited to [-7, 7]; NaN stays NaN.

    Units    plain numbers
    Method   0.5 + phi(z) (z + z^3/3 + z^5/15 + ...), 80 terms, each the one before times z^2 and divided by the next odd
             number, summed in that order; limited to [0, 1]
    Error    within 2e-15 of the true value
    Source   [chosen] ours; the weather bot rebuilt here leaves its library's distribution unspecified
    """
    if z != z:
        return z
    z = clamp(z, -7.0, 7.0)
    q = z * z
    b = z
    s = z
    for term in range(TERMS):
        b = (b * q) / (2.0 * term + 3.0)
        s = s + b
    return clamp(0.5 + s * k_exp(-0.5 * q - LN_SQRT_2PI), 0.0, 1.0)
