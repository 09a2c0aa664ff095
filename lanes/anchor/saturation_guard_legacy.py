"""The guard as it was: it watched the cap instead of the market."""

from __future__ import annotations

from dag import lane
from lanes.anchor.residual_guard import Guard, ResidualGuard, residual_guard
from lanes.units import Bps


@lane
def saturation_guard_legacy(effective_bps: Bps, p: ResidualGuard) -> Guard:
    """`residual_guard` fed with the capped basis of `quote_anchor_cap`. For regression only.

    Units    [bps]
    State    that of `residual_guard`
    Edges    locked at the cap, |mean| is the cap for ever: it idles and cannot leave. On the same ticks the residual guard stays
             active, because a lasting basis is no distortion.
    Source   the engine before its dual-signal calibration
    """
    return residual_guard(effective_bps, False, p)  # dagc: allow E071 kept to show what a guard on capped values does
