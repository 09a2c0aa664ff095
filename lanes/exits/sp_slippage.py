"""What one side of a trade slips."""

from __future__ import annotations

from typing import Annotated

from dag import domain, lane, params
from lanes.units import Bps


@params
class SpSlippage:
    """The share of maker fills, which must be pinned, and how far a taker slips [chosen]."""

    rate: float
    slip_bps: Annotated[Bps, domain(lo=0.0)] = 2.0
    on: bool = True


@lane
def sp_slippage(p: SpSlippage) -> Bps:
    """The expected slippage of one side: only what is filled as taker slips.

    Units    [bps]
    Bits     (1 - rate) * slip_bps
    Source   [chosen]; the D_LIQ gold backtest names a slippage model and no figures
    """
    slip = (1.0 - p.rate) * p.slip_bps if p.on else 0.0
    return slip
