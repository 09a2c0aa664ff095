"""When to look at a row, when to enter, and whether the asset already agrees."""

from lanes.signal.direction_confirm import Direction, DirectionConfirm, direction_confirm
from lanes.signal.row_guard import row_guard
from lanes.signal.vel_div_gate import VelDivGate, VelDivSignal, vel_div_gate

__all__ = [
    "Direction",
    "DirectionConfirm",
    "VelDivGate",
    "VelDivSignal",
    "direction_confirm",
    "row_guard",
    "vel_div_gate",
]
