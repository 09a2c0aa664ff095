"""Everyday indicators: averages, oscillators, bands. Periods are parameters, `warm` says when a value is that of a full period."""

from lanes.indicators.averages import Average, Period, ema, sma, wilder
from lanes.indicators.bands import Bands, BollingerPeriod, Channel, bollinger, donchian
from lanes.indicators.oscillators import atr, roc, rsi

__all__ = [
    "Average",
    "Bands",
    "BollingerPeriod",
    "Channel",
    "Period",
    "atr",
    "bollinger",
    "donchian",
    "ema",
    "roc",
    "rsi",
    "sma",
    "wilder",
]
