"""Indicators beside TA-Lib, an implementation that shares nothing with ours, on a market that moves and on one that hardly does.

TA-Lib sums in another order, and seeds exponential averages with means: what agrees agrees to the order stated for each, once
its beginning has died out. It is no reference for bits: those are in `test_against_oracle`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import dagc
from dag.language.lane import AnyLane
from lanes import indicators

talib: Any = pytest.importorskip("talib", reason="TA-Lib is not installed: pip install TA-Lib")

Column = NDArray[np.float64]
BARS = 2_000


def market(step: float, seed: int) -> dict[str, Column]:
    """Bars of a random walk whose moves are of the size `step`."""
    rng = np.random.default_rng(seed)
    close = 100.0 * np.exp(np.cumsum(rng.normal(0.0, step, BARS)))
    open_ = np.concatenate([close[:1], close[:-1]])
    high = np.maximum(open_, close) * (1.0 + rng.random(BARS) * step)
    low = np.minimum(open_, close) * (1.0 - rng.random(BARS) * step)
    volume = np.floor(rng.gamma(2.0, 500.0, BARS))
    return {"open": open_, "high": high, "low": low, "close": close, "volume": volume}


MARKETS = {"lively": market(0.02, 1), "quiet": market(1e-5, 2)}
#: (lane, its inputs, its parameters, the outputs, TA-Lib's columns, from which bar on, relative to the largest value)
Case = tuple[AnyLane, str, dict[str, Any], str, Callable[[dict[str, Column]], Any], int, float]
ULP, SUM, SEEDED = 2.0**-51, 1e-9, 1e-6

CASES: dict[str, Case] = {
    "SMA": (indicators.sma, "close", {"n": 20}, "value", lambda m: talib.SMA(m["close"], 20), 19, SUM),
    "WMA": (indicators.wma, "close", {"n": 20}, "value", lambda m: talib.WMA(m["close"], 20), 19, SUM),
    "EMA": (indicators.ema, "close", {"n": 20}, "value", lambda m: talib.EMA(m["close"], 20), 400, SEEDED),
    "DEMA": (indicators.dema, "close", {"n": 20}, "value", lambda m: talib.DEMA(m["close"], 20), 400, SEEDED),
    "TEMA": (indicators.tema, "close", {"n": 20}, "value", lambda m: talib.TEMA(m["close"], 20), 400, SEEDED),
    "MACD": (indicators.macd, "close", {}, "macd signal histogram", lambda m: talib.MACD(m["close"]), 600, SEEDED),
    "KAMA": (indicators.kama, "close", {"n": 10}, "value", lambda m: talib.KAMA(m["close"], 10), 800, SEEDED),
    "RSI": (indicators.rsi, "close", {"n": 14}, "value", lambda m: talib.RSI(m["close"], 14), 14, SUM),
    "ATR": (indicators.atr, "high low close", {"n": 14}, "value", lambda m: talib.ATR(m["high"], m["low"], m["close"], 14), 14, SUM),
    "BBANDS": (
        indicators.bollinger, "close", {"n": 20, "width": 2.0}, "upper middle lower",
        lambda m: talib.BBANDS(m["close"], 20, 2.0, 2.0), 19, SEEDED,
    ),
    "WILLR": (indicators.williams_r, "high low close", {"n": 14}, "value", lambda m: talib.WILLR(m["high"], m["low"], m["close"], 14), 13, SUM),
    "STOCHF": (
        indicators.stochastic_fast, "high low close", {"n": 14, "d": 3}, "k d",
        lambda m: talib.STOCHF(m["high"], m["low"], m["close"], 14, 3), 15, SUM,
    ),
    "STOCH": (
        indicators.stochastic_slow, "high low close", {"n": 14, "k": 3, "d": 3}, "k d",
        lambda m: talib.STOCH(m["high"], m["low"], m["close"], 14, 3, 0, 3, 0), 17, SUM,
    ),
    "CCI": (indicators.cci, "high low close", {"n": 14}, "value", lambda m: talib.CCI(m["high"], m["low"], m["close"], 14), 13, SEEDED),
    "AROON": (indicators.aroon, "high low", {"n": 14}, "down up", lambda m: talib.AROON(m["high"], m["low"], 14), 14, 1e-12),
    "AROONOSC": (indicators.aroon, "high low", {"n": 14}, "oscillator", lambda m: talib.AROONOSC(m["high"], m["low"], 14), 14, 1e-12),
    "MOM": (indicators.momentum, "close", {"n": 10}, "value", lambda m: talib.MOM(m["close"], 10), 10, 0.0),
    "MFI": (
        indicators.money_flow, "high low close volume", {"n": 14}, "value",
        lambda m: talib.MFI(m["high"], m["low"], m["close"], m["volume"], 14), 14, SUM,
    ),
    "ADX": (indicators.adx, "high low close", {"n": 14}, "adx", lambda m: talib.ADX(m["high"], m["low"], m["close"], 14), 800, SEEDED),
    "PLUS_DI": (indicators.adx, "high low close", {"n": 14}, "plus", lambda m: talib.PLUS_DI(m["high"], m["low"], m["close"], 14), 600, SEEDED),
    "MINUS_DI": (indicators.adx, "high low close", {"n": 14}, "minus", lambda m: talib.MINUS_DI(m["high"], m["low"], m["close"], 14), 600, SEEDED),
    "DX": (indicators.adx, "high low close", {"n": 14}, "dx", lambda m: talib.DX(m["high"], m["low"], m["close"], 14), 600, SEEDED),
    "ROCP": (indicators.roc, "close", {"n": 10}, "value", lambda m: talib.ROCP(m["close"], 10), 10, SUM),
    "SAR": (indicators.parabolic_sar, "high low", {"step": 0.02, "most": 0.2}, "value", lambda m: talib.SAR(m["high"], m["low"], 0.02, 0.2), 1, ULP),
    "OBV": (indicators.obv, "close volume", {}, "obv", lambda m: talib.OBV(m["close"], m["volume"]), 0, 0.0),
    "CORREL": (
        indicators.rolling_correlation, "close volume", {"n": 20}, "correlation",
        lambda m: talib.CORREL(m["close"], m["volume"], 20), 19, SEEDED,
    ),
    "MIN": (indicators.donchian, "high low", {"n": 20}, "lower", lambda m: talib.MIN(m["low"], 20), 19, 0.0),
    "MAX": (indicators.donchian, "high low", {"n": 20}, "upper", lambda m: talib.MAX(m["high"], 20), 19, 0.0),
}  # fmt: skip


@pytest.mark.parametrize("moves", MARKETS)
@pytest.mark.parametrize("name", CASES)
def test_it_says_what_talib_says(name: str, moves: str) -> None:
    lane, inputs, params, outputs, theirs, first, tolerance = CASES[name]
    bars = MARKETS[moves]
    columns = {port: bars["close" if port == "x" else "volume" if port == "y" else port] for port in inputs.split()}
    kernel = dagc.compile(lane)
    given = dict(zip(kernel.inputs.names, columns.values(), strict=True))
    run = kernel.run(given, params)
    wanted = theirs(bars)
    for output, column in zip(outputs.split(), wanted if isinstance(wanted, tuple) else (wanted,), strict=True):
        ours, other = run[output][first:], column[first:]
        assert not np.isnan(other).any(), output
        np.testing.assert_allclose(ours, other, rtol=0.0, atol=tolerance * np.abs(other).max(), err_msg=output)
