"""How much of the margin may be used."""

from __future__ import annotations

from dag import lane, params
from lanes.units import Frac


@params
class MarginUtilisation:
    """The share in a calm market and in an extreme one."""

    calm: Frac = 0.85
    extreme: Frac = 0.50


@lane
def margin_utilisation(sev: Frac, p: MarginUtilisation) -> Frac:
    """The share of the margin to use at this severity.

    Units    fractions
    Source   the market maker's redesign gives the ends, 0.85 and 0.50
    [chosen] linear between them
    """
    util = p.calm - sev * (p.calm - p.extreme)
    return util
