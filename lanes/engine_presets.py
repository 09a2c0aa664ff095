"""Complete parameter sets of engines that trade, every value pinned: the sizings of `lanes.presets` with all that is around them.

    BRONZE_ENGINE, D_LIQ_GOLD_ENGINE
                      the two that were run as engines: gates, sizing, exits, costs, and an account of 25,000 dollars
    IRP_GOLD, IRP_LIVE
                      the gold backtest asks for alignment; the live engines, which size and do not execute, have muted it

[chosen]: no asset is excluded as a stablecoin, since the ten are not listed, and the rates are shares of maker fills.
"""

from __future__ import annotations

from lanes.engine import Engine
from lanes.enums import RateKind
from lanes.exits import ExitFlags, LiqGuardStop, SpFees, SpSlippage
from lanes.presets import BRONZE, D_LIQ_GOLD
from lanes.signal import IrpGate, StablecoinFilter, VolRegimeGate
from lanes.size import AdaptiveBoost, Sizing

IRP_GOLD, IRP_LIVE = IrpGate(min_alignment=0.45), IrpGate(min_alignment=0.0)


def _engine(sizing: Sizing, boost_on: bool, guard_on: bool) -> Engine:
    """An engine of the D_LIQ family around a sizing: its gates, exits and costs are those of the gold backtest."""
    return Engine(
        gate=sizing.gate,
        vol=VolRegimeGate(p60=0.00009868, wired=True, fallback_bar=100),
        irp=IRP_GOLD,
        stable=StablecoinFilter(excluded=0),
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
        boost=AdaptiveBoost(threshold=0.35, alpha=1.0, adaptive_beta=True, lev_cap=9.0, reclamp=True),
        guard=LiqGuardStop(abs_cap=9.0, buffer=0.95),
        exits=ExitFlags(tp=0.0095, stop=1.0, max_hold=120),
    )


BRONZE_ENGINE = _engine(BRONZE, boost_on=False, guard_on=False)
D_LIQ_GOLD_ENGINE = _engine(D_LIQ_GOLD, boost_on=True, guard_on=True)
