"""Order statistics of the last n values."""

from __future__ import annotations

import math
from typing import Annotated

from dag import domain, float_bits, floor, lane, max_seq, min_seq, params, window
from lanes.indicators.averages import LONGEST, Average, Period, Quantity

#: Every bit of a word but its sign; the least and the greatest word; the bits below the sign.
MAGNITUDE, LEAST, BITS = (1 << 63) - 1, -(1 << 63), 63
#: From here on numpy interpolates from above.
MIDDLE, HALVES = 0.5, 2.0


@params
class QuantilePeriod:
    """Over how many bars, this one included, and which quantile."""

    n: Annotated[int, domain(2, LONGEST)] = 20
    q: Annotated[float, domain(0.0, 1.0)] = 0.5


def _key(x: Quantity) -> int:
    """A number that is ordered as floats are, -0.0 below 0.0."""
    bits = float_bits(x)
    return bits ^ MAGNITUDE if bits < 0 else bits


def _neighbours(x: Quantity, n: int, q: float) -> tuple[Quantity, Quantity, float, bool]:
    """The value at place floor(q * (count - 1)) in ascending order, the one after it, how far between them, and whether all n are there.

    The key at place k is the greatest number that at most k keys are less than: found from its highest bit on.
    """
    past = window(x, n - 1, longest=LONGEST - 1)
    keys = window(_key(x), n - 1, longest=LONGEST - 1)
    own = _key(x)
    place = float(len(past)) * q
    below = floor(place)
    k = int(below)
    found = 0 if sum(1 for each in keys if each < 0) + int(own < 0) <= k else LEAST
    for bit in range(BITS - 1, -1, -1):
        higher = found | (1 << bit)
        found = higher if sum(1 for each in keys if each < higher) + int(own < higher) <= k else found
    most = sum(1 for each in keys if each <= found) + int(own <= found)
    above = min_seq((each for each in keys if each > found), own if own > found else MAGNITUDE)
    following = found if most > k + 1 or most > len(past) else above
    low = max_seq((v for v, each in zip(past, keys, strict=True) if each == found), x if own == found else -math.inf)
    high = max_seq(
        (v for v, each in zip(past, keys, strict=True) if each == following), x if own == following else -math.inf
    )
    return low, high, place - below, len(past) == n - 1


@lane
def rolling_median(x: Quantity, p: Period) -> Average:
    """The middle one of the last n values in ascending order, or half the sum of the two in the middle.

    Units    those of x
    State    the 249 values before this bar, of which n - 1 count, and their bits
    Bits     the value itself of an odd number; (low + high) / 2 of an even one
    Edges    -0.0 is below 0.0; a sum of two that overflows is infinite, as numpy's
    Source   the textbook definition; numpy.median, pandas' rolling median
    """
    low, high, between, warm = _neighbours(x, p.n, MIDDLE)
    return Average(value=(low + high) / HALVES if between > 0.0 else low, warm=warm)


@lane
def rolling_quantile(x: Quantity, p: QuantilePeriod) -> Average:
    """The q-quantile of the last n values, between two neighbours in a straight line.

    Units    those of x
    State    the 249 values before this bar, of which n - 1 count, and their bits
    Bits     those of numpy's percentile(method="linear"): a + d * t below the middle, b - d * (1 - t) from it on, where t is what
             q * (count - 1) has behind its point, and d = b - a
    Edges    -0.0 is below 0.0; the greatest value has itself as neighbour
    Source   R. Hyndman and Y. Fan, Sample Quantiles in Statistical Packages (1996), type 7; pandas' rolling quantile
    """
    low, high, between, warm = _neighbours(x, p.n, p.q)
    apart = high - low
    value = high - apart * (1.0 - between) if between >= MIDDLE else low + apart * between
    return Average(value=value, warm=warm)
