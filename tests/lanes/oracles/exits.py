"""Exits and costs: each lane beside its reference function."""

from __future__ import annotations

from collections.abc import Iterator

from dag.values.types import Value
from tests.lanes.oracle_kinds import Oracle, Row, named, one
from tests.oracle import exits


def slot(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state = exits.EMPTY
    for r in rows:
        state, out = exits.position_slot(state, r["enter"], r["leave"], r["side"], r["price"], r["notional"])
        yield dict(zip(("opened", "closed", "bars", "held", "entry", "notional"), out, strict=True))


ORACLES: dict[str, Oracle] = {
    "liq_guard_stop": one("liq_guard_stop", lambda r: exits.liq_guard_stop(r["abs_cap"], r["buffer"])),
    "trade_return": one("trade_return", lambda r: exits.trade_return(r["price"], r["entry"], r["side"])),
    "exit_flags": named(
        "take_profit held_long stop_loss hibernate ob_tail",
        lambda r: exits.exit_flags(
            r["ret"], r["bars_held"], r["stop_override"] if r["has_override"] else None,
            r["mc_halt"], r["ob_cascade"], r["ob_withdrawal"], r["tp"], r["stop"], r["max_hold"],
        ),
    ),
    "exit_priority": named(
        "reason exit",
        lambda r: exits.exit_priority(
            r["take_profit"], r["held_long"], r["stop_loss"], r["hibernate"], r["ob_tail"],
            tuple(code for place in ("first", "second", "third", "fourth", "fifth") if (code := r[place])),
        ),
    ),
    "sp_fees": one(
        "sp_fees", lambda r: exits.sp_fees(r["rate"], r["rate_kind"], r["maker_bps"], r["taker_bps"], r["on"])
    ),
    "sp_slippage": one("sp_slippage", lambda r: exits.sp_slippage(r["rate"], r["slip_bps"], r["on"])),
    "trade_pnl": one(
        "trade_pnl",
        lambda r: exits.trade_pnl(r["notional"], r["ret"], r["fee_in"], r["fee_out"], r["slip_in"], r["slip_out"]),
    ),
    "position_slot": slot,
}  # fmt: skip
