"""What open interest says of a move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import domain, lane, params, unit
from lanes.units import Bps


@params
class OiMomentum:
    """Changes up to these are none."""

    oi_eps: Annotated[float, unit("frac"), domain(lo=0.0)] = 0.001
    px_eps: Annotated[Bps, domain(lo=0.0)] = 5.0


@dataclass(frozen=True)
class OiSignal:
    """+1 for new longs, -1 for new shorts, else 0; and whether to widen, as longs are being liquidated."""

    direction: float
    widen: bool


@lane
def oi_momentum(d_oi: Annotated[float, unit("frac")], d_px: Bps, p: OiMomentum) -> OiSignal:
    """The quadrant of open interest and price.

    Units    d_oi a fraction, d_px [bps]
    Edges    thresholds are strict
    Source   the market maker's redesign: interest and price up, interest and price down
    [chosen] interest up with price down is -1, interest down with price up is 0; the dead zones
    """
    rising = d_oi > p.oi_eps
    falling = d_oi < -p.oi_eps
    price_up = d_px > p.px_eps
    price_down = d_px < -p.px_eps
    short = -1.0 if rising and price_down else 0.0
    direction = 1.0 if rising and price_up else short
    return OiSignal(direction=direction, widen=falling and price_down)
