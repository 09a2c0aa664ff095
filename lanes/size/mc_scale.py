"""Part of factor 3: the Monte-Carlo forewarner's status as a size."""

from __future__ import annotations

from dataclasses import dataclass

from dag import lane, params
from lanes.enums import McStatus
from lanes.units import Mult


@params
class McScale:
    """The size under each status. ORANGE and RED are [chosen]."""

    ok: Mult = 1.0
    orange: Mult = 0.5
    red: Mult = 0.0


def worse_of(one: McStatus, other: McStatus) -> McStatus:
    """The graver of what two forewarners say."""
    warned = one == McStatus.ORANGE or other == McStatus.ORANGE
    halted = one == McStatus.RED or other == McStatus.RED
    return McStatus.RED if halted else McStatus.ORANGE if warned else McStatus.OK


@dataclass(frozen=True)
class McFactor:
    """The size factor, and whether trading halts."""

    scale: Mult
    halt: bool


@lane
def mc_scale(status: McStatus, p: McScale) -> McFactor:
    """The forewarner's status as a size factor and a halt.

    Edges    a scale of 0 does not stop a trade, since `lev_compose` floors what it composes; the halt does
    Source   the D_LIQ gold backtest: RED sends the engine into hibernation
    """
    warned = p.orange if status == McStatus.ORANGE else p.red
    scale = p.ok if status == McStatus.OK else warned
    return McFactor(scale=scale, halt=status == McStatus.RED)
