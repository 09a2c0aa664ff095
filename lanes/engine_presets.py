"""Complete parameter sets of engines that trade, every value pinned: the sizings of `lanes.presets` with all that is around them.

    BRONZE_ENGINE          the base engine: caps at 6, no boost, no guard
    SCALE_BOOST_ENGINE     BRONZE and the boost from the rank of stress: threshold 0.35, alpha 1 (experiment 7)
    ADAPTIVE_BETA_ENGINE   the same, with the day's beta in the boost (experiment 8)
    D_LIQ_GOLD_ENGINE      caps at 8 and 9, the boost with the day's beta, and the liquidation guard at 9x
    E_ENGINE, E_LIQ_ENGINE caps at 9 and 10, without a guard, and with one at 10x: a stop at 9.5 %
    IRP_GOLD, IRP_LIVE     the gold backtest asks for alignment; the live engines, which size and do not execute, have muted it
    UNIVERSE               the traded assets in the order of an engine's prices; the pegged ones among them are excluded by every preset

[chosen]: the universe, since no source lists it, and the rates, which are shares of maker fills. A boost is limited by its engine's own
absolute cap.
"""

from __future__ import annotations

from lanes.engine import Engine
from lanes.enums import RateKind
from lanes.exits import ExitFlags, LiqGuardStop, SpFees, SpSlippage
from lanes.presets import BRONZE, D_LIQ_E, D_LIQ_GOLD
from lanes.signal import IrpGate, VolRegimeGate, check_stablecoins, stablecoins_of
from lanes.size import AdaptiveBoost, Sizing

UNIVERSE = ("ETH", "BNB", "SOL", "USDC")
IRP_GOLD, IRP_LIVE = IrpGate(min_alignment=0.45), IrpGate(min_alignment=0.0)


def _engine(sizing: Sizing, boost_on: bool, guard_on: bool, adaptive_beta: bool = True) -> Engine:
    """An engine of the D_LIQ family around a sizing: its gates, exits and costs are those of the gold backtest.

    The boost is limited by the sizing's absolute cap, and the guard stops just inside the liquidation of that cap.
    """
    absolute = sizing.compose.abs_max
    stable = stablecoins_of(UNIVERSE)
    check_stablecoins(UNIVERSE, stable)
    return Engine(
        gate=sizing.gate,
        vol=VolRegimeGate(p60=0.00009868, wired=True, fallback_bar=100),
        irp=IRP_GOLD,
        stable=stable,
        acb=sizing.acb,
        hazard=sizing.hazard,
        compose=sizing.compose,
        exchange=sizing.exchange,
        fee_in=SpFees(rate=0.62, rate_kind=RateKind.MAKER_FRACTION),
        fee_out=SpFees(rate=0.50, rate_kind=RateKind.MAKER_FRACTION),
        slip_in=SpSlippage(rate=0.62),
        slip_out=SpSlippage(rate=0.50),
        boost_on=boost_on,
        guard_on=guard_on,
        confirm=sizing.confirm,
        sizer=sizing.sizer,
        dc=sizing.dc,
        mc=sizing.mc,
        reference=sizing.reference,
        ob=sizing.ob,
        esof=sizing.esof,
        boost=AdaptiveBoost(threshold=0.35, alpha=1.0, adaptive_beta=adaptive_beta, lev_cap=absolute, reclamp=True),
        guard=LiqGuardStop(abs_cap=absolute, buffer=0.95),
        exits=ExitFlags(tp=0.0095, stop=1.0, max_hold=120),
    )


BRONZE_ENGINE = _engine(BRONZE, boost_on=False, guard_on=False)
SCALE_BOOST_ENGINE = _engine(BRONZE, boost_on=True, guard_on=False, adaptive_beta=False)
ADAPTIVE_BETA_ENGINE = _engine(BRONZE, boost_on=True, guard_on=False)
D_LIQ_GOLD_ENGINE = _engine(D_LIQ_GOLD, boost_on=True, guard_on=True)
E_ENGINE = _engine(D_LIQ_E, boost_on=True, guard_on=False)
E_LIQ_ENGINE = _engine(D_LIQ_E, boost_on=True, guard_on=True)
