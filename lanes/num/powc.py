"""A strength between 0 and 1, raised to a convexity."""

from __future__ import annotations

from dag import lane
from lanes.num.k_exp import k_exp
from lanes.num.k_log import k_log


@lane
def powc(s: float, c: float) -> float:
    """`s ** c` for s in [0, 1].

    Units    plain numbers
    Bits     c = 3, 2, 1 are products, left to right: `(s * s) * s` differs from libm's pow(s, 3) in the last bit for about
             a quarter of all s. Any other c is k_exp(c * k_log(s)).
    Edges    0 to any other power is +0.0; NaN stays NaN
    """
    if c == 3.0:  # dagc: allow W004 the third power is a case of its own, as the text above says
        return s**3
    if c == 2.0:
        return s**2
    if c == 1.0:
        return s
    if s == 0.0:
        return 0.0
    return k_exp(c * k_log(s))
