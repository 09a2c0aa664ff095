"""Asking an asset for consistency with the trade."""

from __future__ import annotations

from dag import lane, params
from lanes.units import Frac


@params
class IrpGate:
    """The least share of moves that went the trade's way: 0.45 in the gold backtest, 0 (muted) live. Pin it."""

    min_alignment: Frac


@lane
def irp_gate(align: Frac, p: IrpGate) -> bool:
    """Whether enough of an asset's moves agree with the trade; `align` is that of `irp_alignment`.

    Edges    exactly min_alignment passes; NaN does not
    Source   the D_LIQ gold backtest asks for 0.45, the live VIOLET engine for 0
    """
    return align >= p.min_alignment
