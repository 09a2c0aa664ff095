"""A setter of the hazard model overwrote the leverage cap for one caller, and it stayed overwritten for all."""

from typing import Annotated

from dagc import domain, lane, params, unit

Leverage = Annotated[float, unit("x_conv"), domain(0.0, 9.0)]


@params
class Caps:
    base: Leverage = 8.0
    hazardous: Leverage = 5.0


@lane
def leverage(raw: Leverage, hazard: Annotated[float, domain(0.0, 1.0)], caps: Caps) -> Leverage:
    if hazard > 0.5:
        caps.base = caps.hazardous
    return min(raw, caps.base)
