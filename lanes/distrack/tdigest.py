"""A whole distribution in 32 centroids: a t-digest whose merging is spread over the bars."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from dag import carry, domain, ieee_div, lane
from lanes.distrack.slots import Slots, item_at, with_item, with_sorted
from lanes.num.is_finite import is_finite

#: Centroids at most, and values that are collected before they are merged in.
SIZE = 32
#: Merging steps a bar: SIZE bars have to see all points of a merge, which are at most SIZE centroids and SIZE values.
STEPS = 2
#: Beyond it a difference of two values may overflow.
LARGEST = 2.0**1022
NOTHING: Slots = (0.0,) * 32

Moderate: TypeAlias = Annotated[float, domain(-LARGEST, LARGEST)]


@dataclass(frozen=True)
class Points:
    """What is being merged: centroids and waiting values, each in ascending order, and the weight of all of them."""

    means: Slots
    weights: Slots
    centroids: int
    waiting: Slots
    values: int
    total: float


@dataclass(frozen=True)
class Progress:
    """How far a merge has come: the new centroids, what was taken, the weight of it, and the bin of the last new centroid."""

    means: Slots
    weights: Slots
    centroids: int
    mean: float
    weight: float
    bin: float
    taken_centroids: int
    taken_values: int
    seen: float


@dataclass(frozen=True)
class Digest:
    """What a t-digest carries: the values collected since the last merge began, in order, and that merge."""

    fresh: Slots
    collected: int
    points: Points
    progress: Progress
    least: float
    greatest: float


@dataclass(frozen=True)
class Extent:
    """How many values a digest holds, and the least and greatest of them."""

    count: float
    least: float
    greatest: float


START = Progress(NOTHING, NOTHING, 0, 0.0, 0.0, -1.0, 0, 0, 0.0)
NO_DIGEST = Digest(NOTHING, 0, Points(NOTHING, NOTHING, 0, NOTHING, 0, 0.0), START, math.inf, -math.inf)


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
    joins = bin_here == done.bin
    centroids = done.centroids if joins else min(done.centroids + 1, SIZE)
    open_mean = joined_mean if joins else mean
    open_weight = joined_weight if joins else weight
    return Progress(
        means=with_item(done.means, centroids - 1, open_mean),
        weights=with_item(done.weights, centroids - 1, open_weight),
        centroids=centroids,
        mean=open_mean,
        weight=open_weight,
        bin=bin_here,
        taken_centroids=min(done.taken_centroids + 1, SIZE) if is_centroid else done.taken_centroids,
        taken_values=done.taken_values if is_centroid else min(done.taken_values + 1, SIZE),
        seen=done.seen + weight,
    )


def merge_step(points: Points, done: Progress) -> Progress:
    """The merge after one more point, a centroid first where a value equals it; `done` itself where all are taken."""
    mean_here = item_at(points.means, done.taken_centroids)
    value_here = item_at(points.waiting, done.taken_values)
    are_centroids = done.taken_centroids < points.centroids
    are_values = done.taken_values < points.values
    is_centroid = are_centroids and (not are_values or mean_here <= value_here)
    mean = mean_here if is_centroid else value_here
    weight = item_at(points.weights, done.taken_centroids) if is_centroid else 1.0
    after = with_point(done, points.total, mean, weight, is_centroid)
    return after if are_centroids or are_values else done


def with_value(digest: Digest, x: float) -> Digest:
    """The digest after the finite value `x`: two steps of the merge under way, and every 32nd time the next merge begins."""
    progress = digest.progress
    for _ in range(STEPS):
        progress = merge_step(digest.points, progress)
    fresh = with_sorted(digest.fresh, digest.collected, x)
    collected = digest.collected + 1
    is_full = collected >= SIZE
    merged = Points(
        progress.means, progress.weights, progress.centroids, fresh, SIZE, digest.points.total + float(SIZE)
    )
    return Digest(
        fresh=fresh,
        collected=0 if is_full else collected,
        points=merged if is_full else digest.points,
        progress=START if is_full else progress,
        least=min(digest.least, x),
        greatest=max(digest.greatest, x),
    )


@lane
def tdigest(x: Moderate) -> Extent:
    """Collect a stream into a t-digest; its quantiles are read from the state (`quantile_of`).

    Units    plain numbers
    State    the digest: 32 values being collected, 32 being merged, 32 centroids before and 32 after
    Bits     every 32 values are merged with the centroids in ascending order, centroids first among equals; the point whose middle
             weight lies in bin j joins it as m + (x - m) * (w_x / (w + w_x)). The merge takes two points a bar and is done
             when the next begins, so `settled` has the bits of a digest that merges at once, and every bar costs the same.
    Edges    a value that is not finite changes nothing
    Source   Dunning (2021), The t-digest: efficient estimates of distributions, Software Impacts 7; the scale is a smoothstep
    """
    digest = carry(initial=NO_DIGEST)
    digest = with_value(digest, x) if is_finite(x) else digest
    return Extent(count=digest.points.total + float(digest.collected), least=digest.least, greatest=digest.greatest)
