"""A whole distribution in 32 centroids: a t-digest whose merging is spread over the bars."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from dag import array, carry, domain, ieee_div, lane, put
from lanes.distrack.slots import NO_SLOTS
from lanes.num.is_finite import is_finite

#: Centroids at most, and values that are collected before they are merged in.
SIZE = 32
#: Merging steps a bar: SIZE bars have to see all points of a merge, which are at most SIZE centroids and SIZE values.
STEPS = 2
#: Beyond it a difference of two values may overflow.
LARGEST = 2.0**1022

Moderate: TypeAlias = Annotated[float, domain(-LARGEST, LARGEST)]


@dataclass(frozen=True)
class Progress:
    """How far a merge has come: how many centroids it made, the last of them and its bin, what was taken, the weight of it."""

    centroids: int
    mean: float
    weight: float
    bin: float
    taken_centroids: int
    taken_values: int
    seen: float


@dataclass(frozen=True)
class Extent:
    """How many values a digest holds, and the least and greatest of them."""

    count: float
    least: float
    greatest: float


START = Progress(0, 0.0, 0.0, -1.0, 0, 0, 0.0)


def bin_start(j: float) -> float:
    """Where bin `j` of the 32 begins, as a share of all weight: narrow bins at both ends, exact in binary."""
    u = j / 32.0
    return (u * u) * (3.0 - 2.0 * u)


def bin_of(share: float) -> float:
    """The bin, 0 to 31, that holds a share of all weight; found by halving, which is the linear search's answer."""
    j = 0.0
    for step in (16.0, 8.0, 4.0, 2.0, 1.0):
        j = j + step if bin_start(j + step) <= share else j
    return j


def with_point(done: Progress, total: float, mean: float, weight: float, is_centroid: bool) -> Progress:
    """The merge after one more point, which joins the last centroid where it falls into the same bin."""
    bin_here = bin_of(ieee_div(done.seen + weight * 0.5, total))
    joined_weight = done.weight + weight
    joined_mean = done.mean + (mean - done.mean) * ieee_div(weight, joined_weight)
    joins = bin_here == done.bin  # dagc: allow W005 bins are whole numbers
    return Progress(
        centroids=done.centroids if joins else min(done.centroids + 1, SIZE),
        mean=joined_mean if joins else mean,
        weight=joined_weight if joins else weight,
        bin=bin_here,
        taken_centroids=min(done.taken_centroids + 1, SIZE) if is_centroid else done.taken_centroids,
        taken_values=done.taken_values if is_centroid else min(done.taken_values + 1, SIZE),
        seen=done.seen + weight,
    )


@lane
def tdigest(x: Moderate) -> Extent:
    """Collect a stream into a t-digest; its quantiles are read from the state (`settled`, `tdigest_quantile`).

    Units    plain numbers
    State    206 words. Three arrays of two halves: in one half 32 values are collected in ascending order and new centroids are
             made, in the other are the values and centroids that those are made of. The halves change their roles
             every 32 values (`side`).
    Bits     every 32 values are merged with the centroids in ascending order, centroids first among equals; a point whose middle
             weight lies in bin j joins it as m + (x - m) * (w_x / (w + w_x)). The merge takes two points a bar and is done
             when the next begins, so `settled` has the bits of a digest that merges at once, and every bar costs the same.
    Edges    a value that is not finite changes nothing
    Source   Dunning (2021), The t-digest: efficient estimates of distributions, Software Impacts 7; the scale is a smoothstep
    """
    values = carry(initial=array(2 * SIZE, 0.0))
    means = carry(initial=array(2 * SIZE, 0.0))
    weights = carry(initial=array(2 * SIZE, 0.0))
    side = carry(initial=0)
    collected = carry(initial=0)
    waiting = carry(initial=0)
    centroids = carry(initial=0)
    total = carry(initial=0.0)
    progress = carry(initial=START)
    least = carry(initial=math.inf)
    greatest = carry(initial=-math.inf)
    usable = is_finite(x)
    other = SIZE - side
    for _ in range(STEPS):
        old = other + min(progress.taken_centroids, SIZE - 1)
        value_here = values[other + min(progress.taken_values, SIZE - 1)]
        are_centroids = progress.taken_centroids < centroids
        are_values = progress.taken_values < waiting
        is_centroid = are_centroids and (not are_values or means[old] <= value_here)
        mean = means[old] if is_centroid else value_here
        weight = weights[old] if is_centroid else 1.0
        goes_on = usable and (are_centroids or are_values)
        after = with_point(progress, total, mean, weight, is_centroid)
        progress = after if goes_on else progress
        new = side + min(max(progress.centroids - 1, 0), SIZE - 1)
        means = put(means, new, progress.mean if goes_on else means[new])
        weights = put(weights, new, progress.weight if goes_on else weights[new])
    # All reads before the first write: a read behind a write has to ask whether it is of the same place.
    held = NO_SLOTS
    for k in range(SIZE):
        held = (*held[:k], values[side + k], *held[k + 1 :])  # type: ignore[assignment]
    earlier = x
    was_before = True
    for k in range(SIZE):
        is_before = not usable or (collected > k and not x < held[k])
        moved = x if was_before else earlier
        values = put(values, side + k, held[k] if is_before else moved)
        earlier = held[k]
        was_before = is_before
    is_full = usable and collected >= SIZE - 1
    grown = min(collected + 1, SIZE - 1) if usable else collected
    collected = 0 if is_full else grown
    waiting = SIZE if is_full else waiting
    centroids = progress.centroids if is_full else centroids
    total = total + float(SIZE) if is_full else total
    progress = START if is_full else progress
    side = other if is_full else side
    least = min(least, x) if usable else least
    greatest = max(greatest, x) if usable else greatest
    return Extent(count=total + float(collected), least=least, greatest=greatest)
