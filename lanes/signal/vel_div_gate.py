"""The core entry trigger: eigenvalue-velocity divergence below a threshold."""

from __future__ import annotations

from dataclasses import dataclass

from dag import lane, params
from lanes.enums import Side
from lanes.units import VelDiv


@params
class VelDivGate:
    """Where the trigger stands, and which way the system trades it."""

    thr: VelDiv = -0.02
    ext: VelDiv = -0.05  # dagc: allow W001 the threshold of `extreme`, which is there for those who read it
    side: Side = Side.SHORT


@dataclass(frozen=True)
class VelDivSignal:
    """What the gate says of a row."""

    entry: bool
    extreme: bool
    side: Side


@lane
def vel_div_gate(vel_div: VelDiv, p: VelDivGate) -> VelDivSignal:
    """Whether divergence calls for an entry, whether it is extreme, and the side to take.

    Units    vel_div and both thresholds [vd]
    Edges    strictly below: a value equal to the threshold is no entry; NaN is none either
    Source   the D_LIQ gold backtest and the VIOLET V3 shadow engine. The backtest's text takes the LONG side, every recorded
             shadow decision is SHORT: `side` is a parameter, the presets say which.
    """
    entry = vel_div < p.thr
    extreme = vel_div < p.ext
    return VelDivSignal(entry=entry, extreme=extreme, side=p.side)
