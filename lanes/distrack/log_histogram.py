"""Values counted in buckets of equal relative width: quantiles within 1.54 % of the exact ones, for certain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dag import array, bits_float, carry, float_bits, lane, put
from lanes.num.is_finite import is_finite

#: Buckets to a power of two: 2^SUB_BITS.
SUB_BITS = 5
#: Magnitudes that have buckets: from 2^-32 up to 2^32.
LEAST_EXPONENT, MOST_EXPONENT = -32, 32
FRACTION_BITS, BIAS = 52, 1023
SIDE = (MOST_EXPONENT - LEAST_EXPONENT) << SUB_BITS
#: Negative values, the greatest magnitude first; one bucket around zero; positive ones.
BUCKETS = 2 * SIDE + 1
#: The leading bits of 2^LEAST_EXPONENT.
FIRST_KEY = (LEAST_EXPONENT + BIAS) << SUB_BITS
#: The guarantee: half the width of a bucket, as a share of its middle.
RELATIVE_ERROR = 1.0 / ((2 << SUB_BITS) + 1)


@dataclass(frozen=True)
class Tally:
    """How many values were counted, how many of them were beyond the buckets, and the least and greatest."""

    count: int
    beyond: int
    least: float
    greatest: float


def log_bucket(x: float) -> int:
    """The bucket, 0 to 4096, of a finite value: its exponent and the first five bits behind the point, integers only."""
    key = float_bits(abs(x)) >> (FRACTION_BITS - SUB_BITS)
    place = min(max(key - FIRST_KEY + 1, 0), SIDE)
    return SIDE - place if x < 0.0 else SIDE + place


def bucket_value(bucket: int) -> float:
    """The value that is nowhere in the bucket further than RELATIVE_ERROR away; 0 for the bucket around zero."""
    place = abs(bucket - SIDE)
    if place == 0:
        return 0.0
    low, high = (bits_float((FIRST_KEY + place - 1 + k) << (FRACTION_BITS - SUB_BITS)) for k in (0, 1))
    middle = 2.0 * low * high / (low + high)
    return -middle if bucket < SIDE else middle


@lane
def log_histogram(x: float) -> Tally:
    """Count a value in a bucket of its magnitude: a DDSketch with a fixed range.

    Units    plain numbers
    State    4,097 counters, count, beyond, least and greatest: 4,101 words
    Edges    magnitudes below 2^-32 count as 0, those from 2^32 on in the last bucket and as beyond; not finite: changes nothing
    Error    for a value at rank floor(q (n - 1)) with a magnitude within [2^-32, 2^32), `log_quantile` is within 1/65 of it, always,
             and the merge of two is the histogram of both streams
    Source   Masson, Rim, Lee (2019), DDSketch, PVLDB 12(12); the buckets are even within a power of two
    """
    counters = carry(initial=array(BUCKETS, 0))
    count = carry(initial=0)
    beyond = carry(initial=0)
    least = carry(initial=math.inf)
    greatest = carry(initial=-math.inf)
    usable = is_finite(x)
    bucket = log_bucket(x if usable else 0.0)
    counters = put(counters, bucket, counters[bucket] + 1 if usable else counters[bucket])
    count = count + 1 if usable else count
    beyond = beyond + 1 if usable and abs(x) >= 2.0**MOST_EXPONENT else beyond
    least = min(least, x) if usable else least
    greatest = max(greatest, x) if usable else greatest
    return Tally(count=count, beyond=beyond, least=least, greatest=greatest)


def log_quantile(counters: Sequence[int], least: float, greatest: float, q: float) -> float:
    """The value at rank floor(q (n - 1)) of what was counted, to RELATIVE_ERROR; NaN where nothing was. For numbers."""
    count = sum(counters)
    if count == 0:
        return math.nan
    rank = math.floor(q * (count - 1))
    seen = 0
    for bucket, here in enumerate(counters):
        seen += here
        if seen > rank:
            return min(max(bucket_value(bucket), least), greatest)
    return greatest
