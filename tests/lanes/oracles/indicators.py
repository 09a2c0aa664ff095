"""Indicators: each lane beside its reference function, which sees the whole history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dag.values.types import Value
from tests.lanes.oracle_kinds import Oracle, Row, one
from tests.oracle import indicators, order, volatility

AVERAGE = ("value", "warm")


def over_history(
    function: Callable[..., tuple[Any, ...]], inputs: tuple[str, ...], params: tuple[str, ...], results: tuple[str, ...]
) -> Oracle:
    def oracle(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
        history: list[list[float]] = [[] for _ in inputs]
        for r in rows:
            for past, name in zip(history, inputs, strict=True):
                past.append(r[name])
            yield dict(zip(results, function(*history, *(r[name] for name in params)), strict=True))

    return oracle


ORACLES: dict[str, Oracle] = {
    "sma": over_history(indicators.sma, ("x",), ("n",), AVERAGE),
    "ema": over_history(indicators.ema, ("x",), ("n",), AVERAGE),
    "wilder": over_history(indicators.wilder, ("x",), ("n",), AVERAGE),
    "rsi": over_history(indicators.rsi, ("x",), ("n",), AVERAGE),
    "atr": over_history(indicators.atr, ("high", "low", "close"), ("n",), AVERAGE),
    "roc": over_history(indicators.roc, ("x",), ("n",), AVERAGE),
    "bollinger": over_history(indicators.bollinger, ("x",), ("n", "width"), ("lower", "middle", "upper", "warm")),
    "donchian": over_history(indicators.donchian, ("high", "low"), ("n",), ("lower", "upper", "warm")),
    "wma": over_history(indicators.wma, ("x",), ("n",), AVERAGE),
    "hma": over_history(indicators.hma, ("x",), ("n",), AVERAGE),
    "vwma": over_history(indicators.vwma, ("x", "volume"), ("n",), AVERAGE),
    "dema": over_history(indicators.dema, ("x",), ("n",), AVERAGE),
    "tema": over_history(indicators.tema, ("x",), ("n",), AVERAGE),
    "macd": over_history(indicators.macd, ("x",), ("fast", "slow", "signal"), ("macd", "signal", "histogram", "warm")),
    "kama": over_history(indicators.kama, ("x",), ("n", "fast", "slow"), AVERAGE),
    "stochastic_fast": over_history(
        indicators.stochastic_fast, ("high", "low", "close"), ("n", "d"), ("k", "d", "warm")
    ),
    "stochastic_slow": over_history(
        indicators.stochastic_slow, ("high", "low", "close"), ("n", "k", "d"), ("k", "d", "warm")
    ),
    "williams_r": over_history(indicators.williams_r, ("high", "low", "close"), ("n",), AVERAGE),
    "cci": over_history(indicators.cci, ("high", "low", "close"), ("n",), AVERAGE),
    "aroon": over_history(indicators.aroon, ("high", "low"), ("n",), ("up", "down", "oscillator", "warm")),
    "momentum": over_history(indicators.momentum, ("x",), ("n",), AVERAGE),
    "money_flow": over_history(indicators.money_flow, ("high", "low", "close", "volume"), ("n",), AVERAGE),
    "adx": over_history(indicators.adx, ("high", "low", "close"), ("n",), ("plus", "minus", "dx", "adx", "warm")),
    "parabolic_sar": over_history(
        indicators.parabolic_sar, ("high", "low"), ("step", "most"), ("value", "rising", "warm")
    ),
    "supertrend": over_history(
        indicators.supertrend, ("high", "low", "close"), ("n", "width"), ("value", "rising", "warm")
    ),
    "keltner": over_history(
        indicators.keltner, ("high", "low", "close"), ("n", "width"), ("lower", "middle", "upper", "warm")
    ),
    "obv": over_history(indicators.obv, ("close", "volume"), (), ("obv",)),
    "vwap": over_history(indicators.vwap, ("price", "volume", "new_session"), (), ("vwap", "volume")),
    "rolling_zscore": over_history(indicators.rolling_zscore, ("x",), ("n",), AVERAGE),
    "rolling_correlation": over_history(
        indicators.rolling_correlation, ("x", "y"), ("n",), ("covariance", "correlation", "beta", "warm")
    ),
    "rolling_shape": over_history(indicators.rolling_shape, ("x",), ("n",), ("skew", "kurtosis", "warm")),
    "rolling_median": over_history(order.rolling_median, ("x",), ("n",), AVERAGE),
    "rolling_quantile": over_history(order.rolling_quantile, ("x",), ("n", "q"), AVERAGE),
    "ts_rank": over_history(indicators.ts_rank, ("x",), ("n",), AVERAGE),
    "kalman_level": over_history(indicators.kalman_level, ("x",), ("move", "seen"), ("value", "variance", "gain")),
    "kalman_trend": over_history(
        indicators.kalman_trend, ("x",), ("move", "turn", "seen"), ("value", "slope", "variance")
    ),
    "realised_volatility": over_history(volatility.realised_volatility, ("close",), ("n", "year"), AVERAGE),
    "parkinson": over_history(volatility.parkinson, ("high", "low"), ("n", "year"), AVERAGE),
    "garman_klass": over_history(volatility.garman_klass, ("open", "high", "low", "close"), ("n", "year"), AVERAGE),
    "book_imbalance": one("book_imbalance", lambda r: indicators.book_imbalance(r["bid_size"], r["ask_size"])),
    "micro_price": one(
        "micro_price", lambda r: indicators.micro_price(r["bid"], r["ask"], r["bid_size"], r["ask_size"])
    ),
}
