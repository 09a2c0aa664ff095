"""Reference rules for how much.

>>> kelly(0.02, 0.04, 0.5, 1.0), kelly(-0.2, 0.04, 1.0, 2.0), kelly(0.1, 0.0, 0.5, 1.0)
(0.25, -2.0, 0.0)
>>> volatility_target(0.2, 0.1, 2.0), volatility_target(0.01, 0.1, 2.0), volatility_target(0.0, 0.1, 2.0)
(0.5, 2.0, 2.0)
>>> drawdown_throttle(0.01, 0.0625, 0.1875, 0.0), drawdown_throttle(0.125, 0.0625, 0.1875, 0.0), drawdown_throttle(0.5, 0.05, 0.2, 0.25)
(1.0, 0.5, 0.25)
>>> fixed_fractional(1000.0, 100.0, 90.0, 0.01, 1.0), fixed_fractional(1000.0, 100.0, 99.99, 0.01, 1.0), fixed_fractional(1000.0, 9.0, 9.0, 0.01, 1.0)
(100.0, 1000.0, 0.0)
>>> round_order(0.3, 10.004, 0.1, 0.01, 0.0, 0.0), round_order(-0.37, 10.0, 0.1, 0.01, 0.0, 0.0)
((0.30000000000000004, 10.0, True), (-0.30000000000000004, 10.0, True))
>>> round_order(0.3, 10.0, 0.25, 0.5, 0.5, 0.0), round_order(0.5, 10.0, 0.25, 0.5, 0.5, 5.0), round_order(0.1, 10.0, 0.25, 0.5, 0.0, 0.0)
((0.0, 10.0, False), (0.5, 10.0, True), (0.0, 10.0, False))
>>> trading_fee(-1000.0, False, -0.0001, 0.0005, 0.0), trading_fee(1000.0, True, -0.0001, 0.0005, 0.0), trading_fee(10.0, False, 0.0, 0.0005, 1.0), trading_fee(0.0, True, 0.0, 0.0, 1.0)
(0.5, -0.1, 1.0, 0.0)
"""

from __future__ import annotations

from tests.oracle.num import fdiv, fmax, fmin, rint_even

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 7


def kelly(mean: float, variance: float, share: float, most: float) -> float:
    if not variance > 0.0:
        return 0.0
    leverage = share * fdiv(mean, variance)
    return 0.0 if leverage != leverage else fmin(fmax(leverage, -most), most)


def volatility_target(volatility: float, target: float, most: float) -> float:
    return most if not volatility > 0.0 else fmin(fdiv(target, volatility), most)


def drawdown_throttle(drawdown: float, begins: float, ends: float, least: float) -> float:
    if drawdown >= ends:
        return least
    if drawdown <= begins:
        return 1.0
    return 1.0 - (1.0 - least) * fdiv(drawdown - begins, ends - begins)


def fixed_fractional(equity: float, entry: float, stop: float, risk: float, most: float) -> float:
    if not (entry < stop or entry > stop):
        return 0.0
    return fmin(fdiv(equity * risk, abs(entry - stop)) * entry, equity * most)


def round_order(
    quantity: float, price: float, step: float, tick: float, min_quantity: float, min_notional: float
) -> tuple[float, float, bool]:
    steps = fdiv(quantity, step) * (1.0 + 2.0**-40)
    whole = (float(int(steps)) if abs(steps) < 2.0**53 else steps) * step
    rounded = fmax(rint_even(fdiv(price, tick)) * tick, tick)
    sent = whole != 0.0 and abs(whole) >= min_quantity and abs(whole) * rounded >= min_notional
    return (whole if sent else 0.0), rounded, sent


def trading_fee(notional: float, rested: bool, maker: float, taker: float, least: float) -> float:
    if not abs(notional) > 0.0:
        return 0.0
    paid = abs(notional) * (maker if rested else taker)
    return fmax(paid, least) if least > 0.0 else paid
