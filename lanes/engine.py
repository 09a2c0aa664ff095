"""The parameters of an engine that trades: its gates, its sizing, its exits, its costs and its account, lane by lane."""

from __future__ import annotations

from dag import params
from lanes.accounting.equity import Account
from lanes.exits.exit_flags import ExitFlags
from lanes.exits.exit_priority import ExitPriority
from lanes.exits.liq_guard_stop import LiqGuardStop
from lanes.exits.sp_fees import SpFees
from lanes.exits.sp_slippage import SpSlippage
from lanes.signal.direction_confirm import DirectionConfirm
from lanes.signal.dvol50 import Dvol50
from lanes.signal.irp_alignment import IrpAlignment
from lanes.signal.irp_gate import IrpGate
from lanes.signal.ob_edge_gate import ObEdgeGate
from lanes.signal.prank500 import Prank500
from lanes.signal.stablecoin_filter import StablecoinFilter
from lanes.signal.vel_div_gate import VelDivGate
from lanes.signal.vol_regime_gate import VolRegimeGate
from lanes.size.acb_boost import AcbBoost
from lanes.size.adaptive_boost import AdaptiveBoost
from lanes.size.base_cubic_sizer import BaseCubicSizer
from lanes.size.dc_lev_mult import DcLevMult
from lanes.size.esof_mult import EsofMult
from lanes.size.exch_lev_linear import ExchLevLinear
from lanes.size.hazard_base_max import HazardBaseMax
from lanes.size.lev_compose import LevCompose
from lanes.size.market_ob_mult import MarketObMult
from lanes.size.mc_ref_view import McRefView
from lanes.size.mc_scale import McScale


@params
class Engine:
    """Everything an engine of the D_LIQ family can be tuned by. `lanes.engine_presets` has complete ones.

    `boost_on` switches `adaptive_boost`, `guard_on` the stop of `liq_guard_stop`: the base engine has neither.
    """

    gate: VelDivGate
    vol: VolRegimeGate
    irp: IrpGate
    stable: StablecoinFilter
    acb: AcbBoost
    hazard: HazardBaseMax
    compose: LevCompose
    exchange: ExchLevLinear
    fee_in: SpFees
    fee_out: SpFees
    slip_in: SpSlippage
    slip_out: SpSlippage
    boost_on: bool
    guard_on: bool
    confirm: DirectionConfirm = DirectionConfirm()
    dvol: Dvol50 = Dvol50()
    alignment: IrpAlignment = IrpAlignment()
    rank: Prank500 = Prank500()
    ob_edge: ObEdgeGate = ObEdgeGate()
    sizer: BaseCubicSizer = BaseCubicSizer()
    dc: DcLevMult = DcLevMult()
    mc: McScale = McScale()
    reference: McRefView = McRefView()
    ob: MarketObMult = MarketObMult()
    esof: EsofMult = EsofMult()
    boost: AdaptiveBoost = AdaptiveBoost()
    guard: LiqGuardStop = LiqGuardStop()
    exits: ExitFlags = ExitFlags()
    priority: ExitPriority = ExitPriority()
    account: Account = Account()
