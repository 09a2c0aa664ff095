"""Everyday sizing: each lane beside its reference function."""

from __future__ import annotations

from tests.lanes.oracle_kinds import Oracle, named, one
from tests.oracle import sizing

ORACLES: dict[str, Oracle] = {
    "kelly": one("kelly", lambda r: sizing.kelly(r["mean"], r["variance"], r["share"], r["most"])),
    "volatility_target": one(
        "volatility_target", lambda r: sizing.volatility_target(r["volatility"], r["target"], r["most"])
    ),
    "drawdown_throttle": one(
        "drawdown_throttle", lambda r: sizing.drawdown_throttle(r["drawdown"], r["begins"], r["ends"], r["least"])
    ),
    "fixed_fractional": one(
        "fixed_fractional",
        lambda r: sizing.fixed_fractional(r["equity"], r["entry"], r["stop"], r["risk"], r["most"]),
    ),
    "trading_fee": one(
        "trading_fee",
        lambda r: sizing.trading_fee(r["notional"], r["rested"], r["maker"], r["taker"], r["least"]),
    ),
    "round_order": named(
        "quantity price sent",
        lambda r: sizing.round_order(
            r["quantity"], r["price"], r["step"], r["tick"], r["min_quantity"], r["min_notional"]
        ),
    ),
}
