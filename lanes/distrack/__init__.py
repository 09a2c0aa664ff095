"""Distributions in constant memory: what a stream looked like, in a fixed number of words an instance."""

from lanes.distrack.ewma_stats import EwmaStats, Moments, ewma_stats
from lanes.distrack.from_state import from_state
from lanes.distrack.latency_histogram import Counted, latency_histogram, latency_quantile
from lanes.distrack.log_histogram import Tally, log_histogram, log_quantile
from lanes.distrack.merge_counters import merged_counters
from lanes.distrack.merge_markers import merge_markers
from lanes.distrack.merge_moments import merge_moments
from lanes.distrack.outcome_distribution import Distribution, OutcomeDistribution, outcome_distribution
from lanes.distrack.p2_quantile import Estimate, Markers, P2Quantile, p2_quantile
from lanes.distrack.philox import RandomKey, philox, uniform
from lanes.distrack.reservoir import Placed, Reservoir, Sample, merged_samples, reservoir
from lanes.distrack.splitmix64 import splitmix64
from lanes.distrack.tdigest import Extent, tdigest
from lanes.distrack.tdigest_quantile import Centroids, merged_digests, settled, tdigest_quantile

__all__ = [
    "Centroids",
    "Counted",
    "Distribution",
    "Estimate",
    "EwmaStats",
    "Extent",
    "Markers",
    "Moments",
    "OutcomeDistribution",
    "P2Quantile",
    "Placed",
    "RandomKey",
    "Reservoir",
    "Sample",
    "Tally",
    "ewma_stats",
    "from_state",
    "latency_histogram",
    "latency_quantile",
    "log_histogram",
    "log_quantile",
    "merge_markers",
    "merge_moments",
    "merged_counters",
    "merged_digests",
    "merged_samples",
    "outcome_distribution",
    "p2_quantile",
    "philox",
    "reservoir",
    "settled",
    "splitmix64",
    "tdigest",
    "tdigest_quantile",
    "uniform",
]
