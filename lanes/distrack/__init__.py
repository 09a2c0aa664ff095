"""Distributions in constant memory: what a stream looked like, in a fixed number of words an instance."""

from lanes.distrack.ewma_stats import EwmaStats, Moments, ewma_stats
from lanes.distrack.from_state import from_state
from lanes.distrack.p2_quantile import Estimate, Markers, P2Quantile, p2_quantile
from lanes.distrack.philox import RandomKey, philox, uniform
from lanes.distrack.splitmix64 import splitmix64
from lanes.distrack.tdigest import Digest, Extent, tdigest
from lanes.distrack.tdigest_quantile import Centroids, merged, settled, tdigest_quantile

__all__ = [
    "Centroids",
    "Digest",
    "Estimate",
    "EwmaStats",
    "Extent",
    "Markers",
    "Moments",
    "P2Quantile",
    "RandomKey",
    "ewma_stats",
    "from_state",
    "merged",
    "p2_quantile",
    "philox",
    "settled",
    "splitmix64",
    "tdigest",
    "tdigest_quantile",
    "uniform",
]
