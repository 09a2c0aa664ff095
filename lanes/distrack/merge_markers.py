"""The markers of two streams made those of one."""

from __future__ import annotations

from typing import Annotated

from dag import domain, ieee_div, lane, rint, unit
from lanes.distrack.p2_quantile import MARKERS, Heights, Markers, with_value

Share = Annotated[float, unit("frac"), domain(0.0, 1.0)]


def outer_places(markers: Markers) -> Heights:
    """The ranks of all five markers."""
    m1, m2, m3 = markers.places
    return (1.0, m1, m2, m3, float(markers.count))


def rank_below(markers: Markers, x: float) -> float:
    """How many values are at most `x`, by a line between each marker and the next."""
    places = outer_places(markers)
    heights = markers.heights
    rank = 0.0
    for k in range(MARKERS - 1):
        rise = ieee_div(x - heights[k], heights[k + 1] - heights[k])
        rank = places[k] + rise * (places[k + 1] - places[k]) if x >= heights[k] else rank
    return places[4] if x >= heights[4] else rank


def height_at(knots: tuple[float, ...], ranks: tuple[float, ...], rank: float) -> float:
    """Where the summed ranks reach `rank`: on the line between the highest knot at or below it and the lowest above it."""
    below, below_rank = -1e308, 0.0
    above, above_rank = 1e308, 0.0
    for k in range(len(knots)):
        is_below = ranks[k] <= rank and knots[k] >= below
        is_above = ranks[k] > rank and knots[k] <= above
        below, below_rank = (knots[k], ranks[k]) if is_below else (below, below_rank)
        above, above_rank = (knots[k], ranks[k]) if is_above else (above, above_rank)
    return below + ieee_div(rank - below_rank, above_rank - below_rank) * (above - below)


@lane
def merge_markers(a: Markers, b: Markers, quantile: Share) -> Markers:
    """Markers for the values of both streams, of `a` first.

    Units    plain numbers
    Bits     Where a stream has fewer than five values, its values are put into the other one by one, in ascending order (those of `b`
             where both have). Otherwise the ranks of both are added at all ten heights, and each new marker is put at the whole rank
             next to the desired one, at the height where the added ranks reach it, on a line between two heights.
    Edges    an estimate of an estimate: no bound holds for it, and it is not associative
    """
    small_b = b.count < MARKERS
    base = a if small_b else b
    other = b if small_b else a
    pushed = base
    for k in range(MARKERS - 1):
        pushed = with_value(pushed, other.heights[k], quantile) if k < other.count else pushed
    knots = (*a.heights, *b.heights)
    own = (*outer_places(a), *outer_places(b))
    ranks = own
    for k in range(2 * MARKERS):
        summed = own[k] + rank_below(b if k < MARKERS else a, knots[k])
        ranks = (*ranks[:k], summed, *ranks[k + 1 :])  # type: ignore[assignment]
    count = min(a.count, 1 << 52) + min(b.count, 1 << 52)
    most = float(count)
    t = most - 1.0
    m1 = min(max(rint(1.0 + t * (quantile / 2.0)), 2.0), most - 3.0)
    m2 = min(max(rint(1.0 + t * quantile), m1 + 1.0), most - 2.0)
    m3 = min(max(rint(1.0 + t * ((1.0 + quantile) / 2.0)), m2 + 1.0), most - 1.0)
    q0 = min(a.heights[0], b.heights[0])
    q4 = max(a.heights[4], b.heights[4])
    joined = (q0, height_at(knots, ranks, m1), height_at(knots, ranks, m2), height_at(knots, ranks, m3), q4)
    are_few = small_b or a.count < MARKERS
    return Markers(
        count=pushed.count if are_few else count,
        heights=pushed.heights if are_few else joined,
        places=pushed.places if are_few else (m1, m2, m3),
    )
