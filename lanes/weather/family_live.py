"""Whether a family of markets may be traded."""

from __future__ import annotations

from typing import Annotated

from dag import gate, lane
from lanes.units import Seconds


@lane
def family_live(
    blocked: bool, env_on: bool, kv_value: bool, kv_expires: Seconds, kv_present: bool, now: Seconds
) -> Annotated[bool, gate("hard")]:
    """A hard block first, then both switches, of which one runs out.

    Inputs   blocked: the family is on the block list (Denver is), compared without case where text comes in; kv: the switch that
             is stored for a day, with the time at which it runs out [s]
    Edges    blocked is off whatever the switches say; a switch that runs out now has run out
    Source   the weather cross-bracket bot, in which a blocked family could once be armed by its switch
    """
    armed = kv_present and kv_value and kv_expires > now
    return not blocked and env_on and armed
