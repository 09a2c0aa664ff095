"""The risk aversion that is quoted with."""

from __future__ import annotations

from typing import Annotated

from dag import domain, lane, params
from lanes.num.clamp import clamp
from lanes.units import Gamma


@params
class QuoteGamma:
    """The limits of the product."""

    gmin: Gamma = 0.03
    gmax: Gamma = 8.0


@lane
def quote_gamma(gamma: Gamma, mult: Annotated[float, domain(above=0.0)], p: QuoteGamma) -> Gamma:
    """The model's gamma times the regime's multiplier, within limits.

    Units    [gamma]
    Edges    both factors answer to the regime, together by up to 7.4 * 6 / 0.7: only these limits bound the product
    [chosen] that the two multiply
    """
    quoted = clamp(gamma * mult, p.gmin, p.gmax)
    return quoted
