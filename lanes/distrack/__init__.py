"""Distributions in constant memory: what a stream looked like, in a fixed number of words an instance."""

from lanes.distrack.ewma_stats import EwmaStats, Moments, ewma_stats
from lanes.distrack.p2_quantile import Estimate, Markers, P2Quantile, p2_quantile
from lanes.distrack.philox import RandomKey, philox, uniform
from lanes.distrack.splitmix64 import splitmix64

__all__ = [
    "Estimate",
    "EwmaStats",
    "Markers",
    "Moments",
    "P2Quantile",
    "RandomKey",
    "ewma_stats",
    "p2_quantile",
    "philox",
    "splitmix64",
    "uniform",
]
