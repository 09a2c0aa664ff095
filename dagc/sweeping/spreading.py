"""From a number between 0 and 1 to a parameter's value, so that a drawn binding has the same bits on every machine."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from dag import domain, lane
from lanes.elementary.exponential import exp
from lanes.elementary.logarithm import log

Share: TypeAlias = Annotated[float, domain(0.0, 1.0)]
End: TypeAlias = Annotated[float, domain(-1e300, 1e300)]
PositiveEnd: TypeAlias = Annotated[float, domain(1e-300, 1e300)]


@lane
def spread_evenly(u: Share, low: End, high: End) -> float:
    """The value a share `u` of the way from `low` to `high`.

    Bits     low + u * (high - low), but never beyond `high`
    """
    value = min(low + u * (high - low), high)
    return value


@lane
def spread_by_ratio(u: Share, low: PositiveEnd, high: PositiveEnd) -> float:
    """The value a share `u` of the way from `low` to `high` on a logarithmic scale.

    Bits     exp(log(low) + u * (log(high) - log(low))), but never below `low` or beyond `high`
    """
    start = log(low)
    value = exp(start + u * (log(high) - start))
    return min(max(value, low), high)
