"""Everyday rules for how much: Kelly, a volatility target, a drawdown throttle, a fixed share at risk, and what a venue takes."""

from lanes.sizing.orders import Order, VenueRules, round_order
from lanes.sizing.rules import (
    DrawdownThrottle,
    FixedFraction,
    Kelly,
    VolatilityTarget,
    drawdown_throttle,
    fixed_fractional,
    kelly,
    volatility_target,
)

__all__ = [
    "DrawdownThrottle",
    "FixedFraction",
    "Kelly",
    "Order",
    "VenueRules",
    "VolatilityTarget",
    "drawdown_throttle",
    "fixed_fractional",
    "kelly",
    "round_order",
    "volatility_target",
]
