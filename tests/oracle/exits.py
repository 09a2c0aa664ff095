"""Reference exits and costs. Sides are -1 and 1; reasons are 1 tp, 2 long hold, 3 stop, 4 hibernate, 5 order-book tail.

>>> liq_guard_stop(), liq_guard_stop(10.0), 0.95 / 9.0, liq_guard_stop() == 0.95 / 9.0
(0.10555555555555554, 0.095, 0.10555555555555556, False)
>>> trade_return(99.05, 100.0, -1), trade_return(99.05, 100.0, 1)
(0.00950000000000003, -0.00950000000000003)
>>> exit_flags(0.0095, 3, None, False, False, False)
(True, False, False, False, False)
>>> exit_flags(-0.11, 120, liq_guard_stop(), False, False, False), exit_flags(-0.11, 0, None, False, False, False)[2]
((False, True, True, False, False), False)
>>> trade_return(99.05, 100.0, -1) >= 0.0095
True
>>> exit_priority(True, True, False, False, False), exit_priority(True, False, True, True, False)
((1, True), (4, True))
>>> exit_priority(False, False, False, False, False)
(0, False)
>>> sp_fees(0.62), sp_fees(0.50), sp_fees(0.62, 1)
(3.1399999999999997, 3.5, 0.62)
>>> sp_slippage(0.62), sp_slippage(0.50), sp_slippage(0.62, on=False)
(0.76, 1.0, 0.0)
>>> trade_pnl(45000.0, 0.0095)
427.5
>>> trade_pnl(45000.0, 0.0095, sp_fees(0.62), sp_fees(0.50), sp_slippage(0.62), sp_slippage(0.50))
389.7
>>> st = EMPTY
>>> st, o = position_slot(st, True, False, -1, 100.0, 10000.0); o
(True, False, 0, -1, 100.0, 10000.0)
>>> st, o = position_slot(st, True, False, -1, 99.5, 10000.0); o
(False, False, 1, -1, 100.0, 10000.0)
>>> st, o = position_slot(st, True, True, -1, 99.0, 10000.0); o, st
((False, True, 2, -1, 100.0, 10000.0), (False, 0, 0.0, 0.0, 0))
"""

from __future__ import annotations

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 15

Slot = tuple[bool, int, float, float, int]
EMPTY: Slot = (False, 0, 0.0, 0.0, 0)


def liq_guard_stop(abs_cap: float = 9.0, buffer: float = 0.95) -> float:
    return (1.0 / abs_cap) * buffer


def trade_return(price: float, entry: float, side: int) -> float:
    return ((price - entry) / entry) * side


def exit_flags(
    ret: float,
    bars_held: int,
    stop_override: float | None,
    mc_halt: bool,
    ob_cascade: bool,
    ob_withdrawal: bool,
    tp: float = 0.0095,
    stop: float = 1.0,
    max_hold: int = 120,
) -> tuple[bool, bool, bool, bool, bool]:
    lim = stop if stop_override is None else stop_override
    return ret >= tp, bars_held >= max_hold, -ret > lim, mc_halt, ob_cascade or ob_withdrawal


def exit_priority(
    tp: bool, mh: bool, sl: bool, hib: bool, ob: bool, order: tuple[int, ...] = (4, 3, 5, 1, 2)
) -> tuple[int, bool]:
    flag = {1: tp, 2: mh, 3: sl, 4: hib, 5: ob}
    for r in order:
        if flag[r]:
            return r, True
    return 0, False


def sp_fees(rate: float, rate_kind: int = 0, maker_bps: float = 2.0, taker_bps: float = 5.0, on: bool = True) -> float:
    """Kind 0 is the share of maker fills, 1 is basis points."""
    if not on:
        return 0.0
    return rate if rate_kind == 1 else rate * maker_bps + (1.0 - rate) * taker_bps


def sp_slippage(rate: float, slip_bps: float = 2.0, on: bool = True) -> float:
    return (1.0 - rate) * slip_bps if on else 0.0


def trade_pnl(
    notional_usd: float,
    ret: float,
    fee_in: float = 0.0,
    fee_out: float = 0.0,
    slip_in: float = 0.0,
    slip_out: float = 0.0,
) -> float:
    cost = ((fee_in + fee_out) + slip_in) + slip_out
    return notional_usd * ret - (notional_usd * cost) / 10000.0


def position_slot(
    st: Slot, enter: bool, leave: bool, side: int, price: float, notional_usd: float
) -> tuple[Slot, tuple[bool, bool, int, int, float, float]]:
    op, sd, en, nt, bars = st
    if op:
        bars = bars + 1
        if leave:
            return EMPTY, (False, True, bars, sd, en, nt)
        return (True, sd, en, nt, bars), (False, False, bars, sd, en, nt)
    if enter:
        return (True, side, price, notional_usd, 0), (True, False, 0, side, price, notional_usd)
    return st, (False, False, 0, 0, 0.0, 0.0)
