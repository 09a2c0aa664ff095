"""Dollars of a closed trade."""

from __future__ import annotations

from dag import as_unit, lane
from lanes.units import Bps, Pnl, Return, Usd


@lane
def trade_pnl(notional: Usd, ret: Return, fee_in: Bps, fee_out: Bps, slip_in: Bps, slip_out: Bps) -> Pnl:
    """What a trade won or lost after fees and slippage on both sides.

    Units    notional and result [usd], ret a fraction, costs [bps] of the notional
    Bits     notional * ret - (notional * (((fee_in + fee_out) + slip_in) + slip_out)) / 10000
    Source   the D_LIQ gold backtest; the order of operations is [chosen]
    """
    cost_bps = ((fee_in + fee_out) + slip_in) + slip_out
    cost = as_unit((notional * cost_bps) / 10000.0, "usd")
    pnl = notional * ret - cost
    return pnl
