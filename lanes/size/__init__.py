"""How much: five factors, the one place where they meet, the notional, and the leverage set at the venue.

`lev` is always conviction leverage [x_conv]. It becomes exchange leverage [x_exch] in `exch_lev_linear`
or `exch_lev_cubic3` and nowhere else.
"""

from lanes.size.acb_boost import AcbBoost, Boost, acb_boost
from lanes.size.adaptive_boost import AdaptiveBoost, Boosted, adaptive_boost
from lanes.size.base_cubic_sizer import BaseCubicSizer, Conviction, base_cubic_sizer
from lanes.size.dc_lev_mult import DcFactor, DcLevMult, dc_lev_mult
from lanes.size.esof_haircut_post import EsofHaircutPost, Haircut, esof_haircut_post
from lanes.size.esof_mult import EsofMult, esof_mult
from lanes.size.exch_lev_cubic3 import ExchLevCubic3, exch_lev_cubic3
from lanes.size.exch_lev_linear import ExchLevLinear, exch_lev_linear
from lanes.size.hazard_base_max import HazardBaseMax, hazard_base_max
from lanes.size.lev_compose import Composition, LevCompose, lev_compose
from lanes.size.margin_fit import Margin, margin_fit
from lanes.size.market_ob_mult import MarketObMult, ObFactor, market_ob_mult
from lanes.size.mc_ref_view import McRefView, ReferenceView, mc_ref_view
from lanes.size.mc_scale import McFactor, McScale, mc_scale, worse_of
from lanes.size.notional import Exposure, notional
from lanes.size.regime_size_mult import regime_size_mult
from lanes.size.sizing import Sizing

__all__ = [
    "AcbBoost",
    "AdaptiveBoost",
    "BaseCubicSizer",
    "Boost",
    "Boosted",
    "Composition",
    "Conviction",
    "DcFactor",
    "DcLevMult",
    "EsofHaircutPost",
    "EsofMult",
    "ExchLevCubic3",
    "ExchLevLinear",
    "Exposure",
    "Haircut",
    "HazardBaseMax",
    "LevCompose",
    "Margin",
    "MarketObMult",
    "McFactor",
    "McRefView",
    "McScale",
    "ObFactor",
    "ReferenceView",
    "Sizing",
    "acb_boost",
    "adaptive_boost",
    "base_cubic_sizer",
    "dc_lev_mult",
    "esof_haircut_post",
    "esof_mult",
    "exch_lev_cubic3",
    "exch_lev_linear",
    "hazard_base_max",
    "lev_compose",
    "margin_fit",
    "market_ob_mult",
    "mc_ref_view",
    "mc_scale",
    "notional",
    "regime_size_mult",
    "worse_of",
]
