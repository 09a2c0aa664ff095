"""Rejecting a row before anything is computed from it."""

from __future__ import annotations

from typing import Annotated

from dag import gate, lane
from lanes.num.is_finite import is_finite
from lanes.units import Price, VelDiv


@lane
def row_guard(vel_div: VelDiv, price: Price) -> Annotated[bool, gate("hard")]:
    """Whether a row may be traded on: both values finite, the price above zero.

    Units    vel_div [vd], price [px]
    Edges    large finite spikes of vel_div are signal and pass; infinities and NaN do not. Compiled, a root's domains reject
             such a row already; inside a graph this guards what other lanes computed.
    Source   the rule behind "no bad rows" in the VIOLET shadow soak, and the skipped rows of the D_LIQ gold backtest
    """
    return is_finite(vel_div) and is_finite(price) and price > 0.0
