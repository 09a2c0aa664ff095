"""The parameters of a whole sizing system, lane by lane."""

from __future__ import annotations

from dag import ParamError, params
from lanes.signal.direction_confirm import DirectionConfirm
from lanes.signal.vel_div_gate import VelDivGate
from lanes.size.acb_boost import AcbBoost
from lanes.size.base_cubic_sizer import BaseCubicSizer
from lanes.size.dc_lev_mult import DcLevMult
from lanes.size.esof_haircut_post import EsofHaircutPost
from lanes.size.esof_mult import EsofMult
from lanes.size.exch_lev_linear import ExchLevLinear
from lanes.size.hazard_base_max import HazardBaseMax
from lanes.size.lev_compose import LevCompose
from lanes.size.market_ob_mult import MarketObMult
from lanes.size.mc_ref_view import McRefView
from lanes.size.mc_scale import McScale
from lanes.units import LeverageLimit


@params
class Sizing:
    """Everything a sizing system can be tuned by. `lanes.presets` has complete ones.

    The two maxima have no default because the systems disagree on them (5, 6, 8 and 9 are all in use). With
    `hazard_ceiling` both give way to the ceiling of `hazard_base_max`. The haircut belongs inside the composition
    (`compose.esof_in`) or after it (`haircut_post`); asking for both raises ParamError.
    `meta_on` says whether the outside model's boost counts.
    """

    hi: LeverageLimit
    base_max: LeverageLimit
    acb: AcbBoost
    compose: LevCompose
    exchange: ExchLevLinear
    gate: VelDivGate = VelDivGate()
    confirm: DirectionConfirm = DirectionConfirm()
    sizer: BaseCubicSizer = BaseCubicSizer()
    dc: DcLevMult = DcLevMult()
    mc: McScale = McScale()
    ob: MarketObMult = MarketObMult()
    esof: EsofMult = EsofMult()
    hazard: HazardBaseMax = HazardBaseMax()
    reference: McRefView = McRefView()
    haircut: EsofHaircutPost = EsofHaircutPost()
    haircut_post: bool = False
    meta_on: bool = True
    hazard_ceiling: bool = False

    def __post_init__(self) -> None:
        if self.haircut_post and self.compose.esof_in:
            raise ParamError(
                "Sizing: the haircut is applied twice, by compose.esof_in and by haircut_post; switch one of them off"
            )
