"""When to look at a row, when to enter, and whether the asset already agrees."""

from lanes.signal.asset_pick import asset_pick
from lanes.signal.direction_confirm import Direction, DirectionConfirm, direction_confirm
from lanes.signal.dvol50 import Dvol50, Volatility, dvol50
from lanes.signal.entry_gate import Entry, entry_gate
from lanes.signal.irp_alignment import Alignment, IrpAlignment, irp_alignment
from lanes.signal.irp_gate import IrpGate, irp_gate
from lanes.signal.ob_edge_gate import ObEdgeGate, ob_edge_gate
from lanes.signal.prank500 import Prank500, Rank, prank500
from lanes.signal.proxy_b import proxy_b
from lanes.signal.row_guard import row_guard
from lanes.signal.stablecoin_filter import StablecoinFilter, stablecoin_filter
from lanes.signal.stablecoins import STABLECOINS, check_stablecoins, stablecoins_of
from lanes.signal.sticky_episode import Episode, sticky_episode
from lanes.signal.subregime_tags import SubregimeTags, Tags, subregime_tags
from lanes.signal.vel_div_gate import VelDivGate, VelDivSignal, vel_div_gate
from lanes.signal.vol_regime_gate import VolRegimeGate, vol_regime_gate

__all__ = [
    "STABLECOINS",
    "Alignment",
    "Direction",
    "DirectionConfirm",
    "Dvol50",
    "Entry",
    "Episode",
    "IrpAlignment",
    "IrpGate",
    "ObEdgeGate",
    "Prank500",
    "Rank",
    "StablecoinFilter",
    "SubregimeTags",
    "Tags",
    "VelDivGate",
    "VelDivSignal",
    "VolRegimeGate",
    "Volatility",
    "asset_pick",
    "check_stablecoins",
    "direction_confirm",
    "dvol50",
    "entry_gate",
    "irp_alignment",
    "irp_gate",
    "ob_edge_gate",
    "prank500",
    "proxy_b",
    "row_guard",
    "stablecoin_filter",
    "stablecoins_of",
    "sticky_episode",
    "subregime_tags",
    "vel_div_gate",
    "vol_regime_gate",
]
