"""How fast the book leans over."""

from __future__ import annotations

from typing import Annotated

from dag import as_unit, carry, lane, unit
from lanes.units import Seconds


@lane
def depth_momentum(log_ratio: float, t: Seconds) -> Annotated[float, unit("1 / s")]:
    """The change of `depth_asymmetry`'s log_ratio since the last tick, a second.

    Units    log_ratio in nats, t [s], result nats a second
    State    the log_ratio and the time of the last tick, and whether there was one
    Edges    0 on the first tick, and where time does not go on
    Source   the market maker's redesign; a first difference is [chosen]
    """
    before = carry(initial=0.0)
    t_before = carry(initial=0.0)
    seeded = carry(initial=False)
    momentum = as_unit(0.0, "1 / s")
    if seeded and t > t_before:
        momentum = (log_ratio - before) / (t - t_before)
    before = log_ratio
    t_before = t
    seeded = True
    return momentum
