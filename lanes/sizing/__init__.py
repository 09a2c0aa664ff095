"""Everyday rules for how much: Kelly, a volatility target, a drawdown throttle, a fixed share at risk, fees, and what a venue takes."""

from lanes.sizing.orders import Order, VenueRules, round_order
from lanes.sizing.rules import (
    DrawdownThrottle,
    FeeSchedule,
    FixedFraction,
    Kelly,
    VolatilityTarget,
    drawdown_throttle,
    fixed_fractional,
    kelly,
    trading_fee,
    volatility_target,
)

__all__ = [
    "DrawdownThrottle",
    "FeeSchedule",
    "FixedFraction",
    "Kelly",
    "Order",
    "VenueRules",
    "VolatilityTarget",
    "drawdown_throttle",
    "fixed_fractional",
    "kelly",
    "round_order",
    "trading_fee",
    "volatility_target",
]
