"""A stop just inside the distance at which the venue liquidates."""

from __future__ import annotations

from typing import Annotated

from dag import as_unit, domain, lane, params, unit
from lanes.units import Frac, Return


@params
class LiqGuardStop:
    """The leverage at the venue, and which share of the distance to liquidation is used."""

    abs_cap: Annotated[float, unit("x_exch"), domain(above=0.0)] = 9.0
    buffer: Frac = 0.95


@lane
def liq_guard_stop(p: LiqGuardStop) -> Return:
    """The adverse move at which a trade is stopped.

    Units    leverage [x_exch] in, a fraction out: 10.556 % at 9x, where liquidation is at 11.11 %
    Bits     (1 / abs_cap) * buffer, which is not buffer / abs_cap
    Source   the D_LIQ gold backtest; buffers from 0.90 to 1.00 gave the same results, 0.80 cascades. The stop is about the
             leverage set at the venue: conviction leverage has another unit and does not fit.
    """
    stop = as_unit((1.0 / p.abs_cap) * p.buffer, "frac")
    return stop
