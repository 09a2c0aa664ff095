"""Reading a t-digest: its centroids once every merge is done, their quantiles, and two digests made one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from dag import domain, ieee_div, lane, unit
from lanes.distrack.slots import NO_SLOTS, Slots
from lanes.distrack.tdigest import SIZE, START, with_point

#: (mean, weight), in ascending order of the means.
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Centroids:
    """A digest at rest: the first `centroids` means and weights, in ascending order, and the least and greatest value."""

    means: Slots
    weights: Slots
    centroids: Annotated[int, domain(0, SIZE)]
    least: float
    greatest: float


def settled(state: Mapping[str, Any], path: str = "", instance: int = 0) -> Centroids:
    """The digest of one instance after all that it holds is merged in, as if it had merged every time at once.

    `state` holds a column for each state, by name, as a run or a snapshot gives them (`Result.state`, `dagc.live.state.unpack_state`);
    `path` is where the lane stands, "tdigest" in a lane that calls it. For numbers. Raises KeyError for another path.
    """

    def read(name: str) -> Any:
        return state[f"{path}.{name}" if path else name][instance]

    # The merge under way is done anew from its points: it has the same bits, and nothing of its progress is needed.
    other = SIZE - int(read("side"))
    old = [read(name).tolist()[other : other + SIZE] for name in ("means", "weights", "values")]
    centroids = list(zip(*old[:2], strict=True))[: int(read("centroids"))]
    points = joined(in_order(centroids, [(x, 1.0) for x in old[2][: int(read("waiting"))]]))
    begin, collected = SIZE - other, int(read("collected"))
    if collected:
        fresh = read("values").tolist()[begin : begin + collected]
        points = joined(in_order(points, [(x, 1.0) for x in fresh]))
    return at_rest(points, read("least").item(), read("greatest").item())


def in_order(first: Points, second: Points) -> Points:
    """Both lists of points in ascending order, those of `first` first among equals."""
    return sorted([*first, *second], key=lambda point: point[0])


def joined(points: Points) -> Points:
    """Points in ascending order, those that fall into one bin joined."""
    total = math.fsum(weight for _, weight in points)  # whole numbers: exact
    progress = START
    made: list[tuple[float, float]] = []
    for mean, weight in points:
        progress = with_point(progress, total, mean, weight, is_centroid=True)
        made[progress.centroids - 1 :] = [(progress.mean, progress.weight)]
    return made


def at_rest(points: Points, least: float, greatest: float) -> Centroids:
    """A digest of at most 32 points."""
    means: Any = (*(mean for mean, _ in points), *NO_SLOTS[len(points) :])
    weights: Any = (*(weight for _, weight in points), *NO_SLOTS[len(points) :])
    return Centroids(means, weights, len(points), least, greatest)


def points_of(digest: Centroids) -> Points:
    """The centroids of a digest at rest."""
    return list(zip(digest.means, digest.weights, strict=True))[: digest.centroids]


def merged_digests(a: Centroids, b: Centroids) -> Centroids:
    """One digest of two at rest: their centroids in ascending order, those of `a` first among equals, joined as in any merge.

    The order matters: merged_digests(a, b) and merged_digests(b, a) may differ where means are equal, and neither is associative.
    For numbers.
    """
    points = joined(in_order(points_of(a), points_of(b)))
    return at_rest(points, min(a.least, b.least), max(a.greatest, b.greatest))


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
