"""Latencies counted in 488 buckets, eight to a power of two: quantiles that never under-report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from dag import array, as_unit, carry, lane, put, unit

#: Every latency of 63 bits has a bucket.
BUCKETS = 488
SUB_BITS = 3
SUB_BUCKETS = 1 << SUB_BITS

Nanoseconds: TypeAlias = Annotated[int, unit("ns")]


@dataclass(frozen=True)
class Counted:
    """How many latencies were counted, how many were negative and were not, and the greatest."""

    count: int
    bad: int
    greatest: Nanoseconds


def top_bit(n: int) -> int:
    """The place of the highest bit of n >= 1: 0 for 1, 62 for the largest."""
    place = 0
    for step in (32, 16, 8, 4, 2, 1):
        is_above = n >= 1 << step
        place = place + step if is_above else place
        n = n >> step if is_above else n
    return place


def bucket_of(ns: int) -> int:
    """The bucket, 0 to 487, of a latency that is not negative."""
    e = top_bit(ns) - SUB_BITS
    return ns if ns < SUB_BUCKETS else (e << SUB_BITS) + min(ns >> (e & 63), 2 * SUB_BUCKETS - 1)


def upper_edge(bucket: int) -> int:
    """The greatest latency of a bucket."""
    if bucket < 2 * SUB_BUCKETS:
        return bucket
    e = (bucket >> SUB_BITS) - 1
    return (((bucket & (SUB_BUCKETS - 1)) + SUB_BUCKETS + 1) << e) - 1


@lane
def latency_histogram(ns: Nanoseconds) -> Counted:
    """Count a latency.

    Units    [ns], whole
    State    488 counters, how many, how many bad, and the greatest: 491 words
    Edges    a negative latency is counted as bad and nowhere else
    Error    a quantile (`latency_quantile`) is the upper edge of its bucket: never too low, at most 12.5 % too high
    Source   the layout of high-dynamic-range histograms, eight sub-buckets to a power of two
    """
    counters = carry(initial=array(BUCKETS, 0))
    count = carry(initial=0)
    bad = carry(initial=0)
    greatest = carry(initial=0)
    is_good = ns >= 0
    bucket = min(max(bucket_of(as_unit(max(ns, 0), "1")), 0), BUCKETS - 1)  # the ends are never reached; now it is seen
    counters = put(counters, bucket, counters[bucket] + 1 if is_good else counters[bucket])
    count = count + 1 if is_good else count
    bad = bad if is_good else bad + 1
    greatest = max(greatest, ns)
    return Counted(count=count, bad=bad, greatest=greatest)


def latency_quantile(counters: Sequence[int], greatest: int, numerator: int, denominator: int) -> int:
    """The quantile numerator / denominator of what was counted, by nearest rank; -1 where nothing was. For numbers."""
    count = sum(counters)
    if count == 0:
        return -1
    rank = max(1, -(-count * numerator // denominator))
    seen = 0
    for bucket, here in enumerate(counters):
        seen += here
        if seen >= rank:
            return min(upper_edge(bucket), greatest)
    return greatest
