"""A lane with everything the emitted module has to show: an enum, units, state, a lane called twice, a named constant."""

from enum import Enum
from typing import Annotated

from dag import carry, domain, lane, params, safe, unit

Price = Annotated[float, unit("px"), domain(above=0.0)]
HALF_WIDTH = 0.75


class Side(Enum):
    SHORT = -1
    LONG = 1


@params
class Trail:
    share: Annotated[float, domain(0.0, 1.0)] = 0.125
    patience: Annotated[int, domain(1, 100)] = 5


@lane
def limited(x: float, bound: float) -> float:
    """x limited to [-bound, bound].

    Edges    NaN stays NaN:
                 limited(nan, 1.0) -> nan
    """
    return min(max(x, -bound), bound)


@lane
def trailing(price: Price, side: Side, p: Trail) -> Annotated[float, safe(0.0)]:
    """How far the price runs ahead of its own "trail"."""
    level = carry(initial=price)
    bars = carry(initial=0)
    bars = bars + 1
    level = level + limited(p.share, HALF_WIDTH) * (price - level)
    ahead = price / level - 1.0
    signed = ahead if side == Side.LONG else -ahead
    settled = limited(signed * 10.0, 1.0)
    return settled if bars >= p.patience else 0.0
