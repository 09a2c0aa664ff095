"""Reading a t-digest: its centroids once every merge is done, their quantiles, and two digests made one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated

from dag import domain, ieee_div, lane, unit
from lanes.distrack.slots import Slots, item_at
from lanes.distrack.tdigest import SIZE, START, Digest, Points, Progress, merge_step, with_point


@dataclass(frozen=True)
class Centroids:
    """A digest at rest: the first `centroids` means and weights, in ascending order, and the least and greatest value."""

    means: Slots
    weights: Slots
    centroids: Annotated[int, domain(0, SIZE)]
    least: float
    greatest: float


def settled(digest: Digest) -> Centroids:
    """The digest after all that it holds is merged in, as if it had merged every time at once.

    For numbers: unrolled in a graph it would be a hundred times the lane.
    """
    before = digest.progress
    for _ in range(2 * SIZE):
        before = merge_step(digest.points, before)
    total = digest.points.total + float(digest.collected)
    points = Points(before.means, before.weights, before.centroids, digest.fresh, digest.collected, total)
    after = START
    for _ in range(2 * SIZE):
        after = merge_step(points, after)
    last = before if digest.collected == 0 else after
    return at_rest(last, digest.least, digest.greatest)


def at_rest(progress: Progress, least: float, greatest: float) -> Centroids:
    """The centroids of a finished merge."""
    return Centroids(progress.means, progress.weights, progress.centroids, least, greatest)


def total_weight(digest: Centroids) -> float:
    """How many values a digest at rest holds: exact, a sum of whole numbers."""
    total = 0.0
    for k in range(SIZE):
        total = total + digest.weights[k] if k < digest.centroids else total
    return total


@lane
def tdigest_quantile(digest: Centroids, q: Annotated[float, unit("frac"), domain(0.0, 1.0)]) -> float:
    """The quantile `q` of a digest at rest: linear between the middles of its centroids, from the least to the greatest value.

    Units    plain numbers
    Edges    NaN for an empty digest
    """
    total = total_weight(digest)
    t = q * total
    middles = digest.weights  # replaced one by one
    seen = 0.0
    for k in range(SIZE):
        middle = seen + digest.weights[k] * 0.5
        middles = (*middles[:k], middle if k < digest.centroids else math.inf, *middles[k + 1 :])  # type: ignore[assignment]
        seen = seen + digest.weights[k]
    # Middles ascend, so the last one at or before t and the first one behind it are neighbours.
    left, left_value = 0.0, digest.least
    for k in range(SIZE):
        left, left_value = (middles[k], digest.means[k]) if middles[k] <= t else (left, left_value)
    right, right_value = total, digest.greatest
    for k in range(SIZE - 1, -1, -1):
        right, right_value = (middles[k], digest.means[k]) if t < middles[k] < math.inf else (right, right_value)
    value = left_value + ieee_div(t - left, right - left) * (right_value - left_value)
    return math.nan if digest.centroids == 0 else value


def merged_digests(a: Centroids, b: Centroids) -> Centroids:
    """One digest of two at rest: their centroids in ascending order, those of `a` first among equals, joined as in any merge.

    The order matters: merged_digests(a, b) and merged_digests(b, a) may differ where means are equal, and neither is associative.
    """
    total = total_weight(a) + total_weight(b)
    done = START
    for _ in range(2 * SIZE):
        mean_a = item_at(a.means, done.taken_centroids)
        mean_b = item_at(b.means, done.taken_values)
        any_a = done.taken_centroids < a.centroids
        any_b = done.taken_values < b.centroids
        is_a = any_a and (not any_b or mean_a <= mean_b)
        weight_a = item_at(a.weights, done.taken_centroids)
        weight_b = item_at(b.weights, done.taken_values)
        after = with_point(done, total, mean_a if is_a else mean_b, weight_a if is_a else weight_b, is_a)
        done = after if any_a or any_b else done
    return at_rest(done, min(a.least, b.least), max(a.greatest, b.greatest))
