"""A lane with one of each thing that a translation may get wrong: orders, constants, choices, products into sums, state, rings."""

from __future__ import annotations

from typing import Annotated

from dagc import array, carry, domain, lane, params, put


@params
class Clamp:
    """The ends of the clamp."""

    low: Annotated[float, domain(-10.0, 0.0)] = -2.0
    high: Annotated[float, domain(0.0, 10.0)] = 2.0


@lane
def clamped_average(x: float, y: float, p: Clamp) -> float:
    """An average of a clamped difference, over the last value of four."""
    level = carry(initial=1.5)
    ring = carry(initial=array(4, 0.0))
    at = carry(initial=0)
    spread = (x - y) / 3.0
    held = max(min(spread, p.high), p.low)
    step = 0.1 * held + 0.25
    level = level + step if x < y else level - step * y
    oldest = ring[at]
    ring = put(ring, at, level)
    at = (at + 1) % 4
    return level - oldest
