"""Stress of the eigenspace, by proxy."""

from __future__ import annotations

from dag import lane
from lanes.units import VelDiv


@lane
def proxy_b(instability_50: VelDiv, v750: VelDiv) -> VelDiv:
    """Short instability less slow velocity.

    Units    [vd]
    Source   the D_LIQ gold backtest, where it foretold adverse moves within the day (AUC 0.715) and was unrelated to vel_div
    """
    proxy = instability_50 - v750
    return proxy
