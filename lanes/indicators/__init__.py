"""Everyday indicators: averages, oscillators, trends, bands, volatility, volume, statistics.

Periods are parameters, `warm` says when a value is that of a full period.
"""

from lanes.indicators.averages import Average, Period, ema, sma, wilder
from lanes.indicators.bands import Bands, BollingerPeriod, Channel, KeltnerPeriod, bollinger, donchian, keltner
from lanes.indicators.directional import Directional, SarSteps, Stop, SuperTrendPeriod, adx, parabolic_sar, supertrend
from lanes.indicators.kalman import KalmanNoise, Level, Trend, TrendNoise, kalman_level, kalman_trend
from lanes.indicators.momentum import (
    Aroon,
    Stochastic,
    StochasticPeriods,
    aroon,
    cci,
    momentum,
    money_flow,
    stochastic_fast,
    stochastic_slow,
    williams_r,
)
from lanes.indicators.order import QuantilePeriod, rolling_median, rolling_quantile
from lanes.indicators.oscillators import atr, roc, rsi
from lanes.indicators.statistics import Correlation, Shape, rolling_correlation, rolling_shape, rolling_zscore, ts_rank
from lanes.indicators.trend import KaufmanPeriods, Macd, MacdPeriods, dema, kama, macd, tema
from lanes.indicators.volatility import VolatilityPeriod, garman_klass, parkinson, realised_volatility
from lanes.indicators.volume import SessionVwap, book_imbalance, micro_price, obv, vwap
from lanes.indicators.weighted import HullPeriod, hma, vwma, wma

__all__ = [
    "Aroon",
    "Average",
    "Bands",
    "BollingerPeriod",
    "Channel",
    "Correlation",
    "Directional",
    "HullPeriod",
    "KalmanNoise",
    "KaufmanPeriods",
    "KeltnerPeriod",
    "Level",
    "Macd",
    "MacdPeriods",
    "Period",
    "QuantilePeriod",
    "SarSteps",
    "SessionVwap",
    "Shape",
    "Stochastic",
    "StochasticPeriods",
    "Stop",
    "SuperTrendPeriod",
    "Trend",
    "TrendNoise",
    "VolatilityPeriod",
    "adx",
    "aroon",
    "atr",
    "bollinger",
    "book_imbalance",
    "cci",
    "dema",
    "donchian",
    "ema",
    "garman_klass",
    "hma",
    "kalman_level",
    "kalman_trend",
    "kama",
    "keltner",
    "macd",
    "micro_price",
    "momentum",
    "money_flow",
    "obv",
    "parabolic_sar",
    "parkinson",
    "realised_volatility",
    "roc",
    "rolling_correlation",
    "rolling_median",
    "rolling_quantile",
    "rolling_shape",
    "rolling_zscore",
    "rsi",
    "sma",
    "stochastic_fast",
    "stochastic_slow",
    "supertrend",
    "tema",
    "ts_rank",
    "vwap",
    "vwma",
    "wilder",
    "williams_r",
    "wma",
]
