"""One number for how bad the regime is."""

from __future__ import annotations

from dag import lane, params
from lanes.market_maker.beliefs import Beliefs, RegimeSeverities, blended
from lanes.units import Frac


@params
class RegimeSeverity:
    """How severe each regime is."""

    sev: RegimeSeverities = RegimeSeverities()


@lane
def regime_severity(beliefs: Beliefs, p: RegimeSeverity) -> Frac:
    """The severities weighted by belief.

    Units    fractions
    Bits     from 0.0, calm to extreme
    Source   the market maker's redesign: 0, 0.33, 0.67, 1
    """
    sev = blended(beliefs, p.sev)
    return sev
