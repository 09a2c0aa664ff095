"""What the basis says beyond its baseline."""

from __future__ import annotations

from dag import lane
from lanes.units import Bps


@lane
def residual_distortion_bps(basis: Bps, baseline: Bps) -> Bps:
    """The control signal: basis minus baseline.

    Units    [bps]
    Source   the dual-signal calibration of the CLOB/AMM anchor; taking the baseline after this tick's update is [chosen]
    """
    residual = basis - baseline
    return residual
