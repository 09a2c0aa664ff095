"""Asking the order book for an edge."""

from __future__ import annotations

from dag import lane, params
from lanes.units import Bps, Frac


@params
class ObEdgeGate:
    """How large the edge must be, and how often it must be confirmed."""

    on: bool = True
    min_edge: Bps = 5.0
    min_confirm: Frac = 0.40


@lane
def ob_edge_gate(edge_bps: Bps, confirm_rate: Frac, p: ObEdgeGate) -> bool:
    """Whether the order book has an edge, confirmed often enough; always while switched off.

    Units    edge and threshold [bps], rates are fractions
    Edges    both thresholds are inclusive, both are required; NaN passes neither
    Source   the D_LIQ gold backtest; bounds and "both" [chosen], and so is how an edge is measured: outside this lane
    """
    return not p.on or (edge_bps >= p.min_edge and confirm_rate >= p.min_confirm)
