"""What the regime model believes, and one value for each regime."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import domain, params
from lanes.units import Frac, Prob

Factor = Annotated[float, domain(above=0.0)]


@dataclass(frozen=True)
class Beliefs:
    """How probable each regime is; together about 1."""

    calm: Prob
    normal: Prob
    volatile: Prob
    extreme: Prob


@params
class RegimeMultipliers:
    """The multiplier of gamma in each regime."""

    calm: Factor = 0.7
    normal: Factor = 1.0
    volatile: Factor = 3.0
    extreme: Factor = 6.0


@params
class RegimeSeverities:
    """How severe each regime is, from 0 to 1."""

    calm: Frac = 0.0
    normal: Frac = 0.33
    volatile: Frac = 0.67
    extreme: Frac = 1.0


def blended(beliefs: Beliefs, values: RegimeMultipliers | RegimeSeverities) -> float:
    """The mean of `values` by belief: from 0.0, calm to extreme."""
    blend = 0.0 + beliefs.calm * values.calm
    blend = blend + beliefs.normal * values.normal
    blend = blend + beliefs.volatile * values.volatile
    return blend + beliefs.extreme * values.extreme
