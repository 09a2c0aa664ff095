"""When to look at a row, when to enter, and whether the asset already agrees."""

from lanes.signal.asset_pick import asset_pick
from lanes.signal.direction_confirm import Direction, DirectionConfirm, direction_confirm
from lanes.signal.entry_gate import Entry, entry_gate
from lanes.signal.irp_gate import IrpGate, irp_gate
from lanes.signal.ob_edge_gate import ObEdgeGate, ob_edge_gate
from lanes.signal.proxy_b import proxy_b
from lanes.signal.row_guard import row_guard
from lanes.signal.stablecoin_filter import StablecoinFilter, stablecoin_filter
from lanes.signal.sticky_episode import Episode, sticky_episode
from lanes.signal.vel_div_gate import VelDivGate, VelDivSignal, vel_div_gate
from lanes.signal.vol_regime_gate import VolRegimeGate, vol_regime_gate

__all__ = [
    "Direction",
    "DirectionConfirm",
    "Entry",
    "Episode",
    "IrpGate",
    "ObEdgeGate",
    "StablecoinFilter",
    "VelDivGate",
    "VelDivSignal",
    "VolRegimeGate",
    "asset_pick",
    "direction_confirm",
    "entry_gate",
    "irp_gate",
    "ob_edge_gate",
    "proxy_b",
    "row_guard",
    "stablecoin_filter",
    "sticky_episode",
    "vel_div_gate",
    "vol_regime_gate",
]
