"""Order statistics of a few values whose number is known: a sort of comparisons, and numpy's linear percentile."""

from __future__ import annotations

from dag import floor


def ascending(values: tuple[float, ...]) -> tuple[float, ...]:
    """`values` sorted as Python's `sorted` does it: equal ones, zeros of both signs too, stay in their order.

    Units    one for all. NaN has no place in an order: keep it out
    Cost     n (n - 1) / 2 comparisons for n values; for whole samples there is `lanes.batch`
    """
    placed_so_far = values[:0]
    for value in values:
        moved, is_placed, following = value, False, placed_so_far[:0]
        for other in placed_so_far:
            goes_before = is_placed or moved < other
            following = (*following, moved if goes_before else other)
            moved = other if goes_before else moved
            is_placed = goes_before
        placed_so_far = (*following, moved)
    return placed_so_far


def percentile(values: tuple[float, ...], q: float) -> float:
    """The `q`-quantile of `values`, q in [0, 1], interpolated linearly between the two neighbours.

    Units    that of the values; q is a plain number
    Bits     those of numpy's percentile(method="linear"): a + d * t below the middle, b - d * (1 - t) from it on
    Edges    NaN has no place in an order: keep it out
    """
    ordered = ascending(values)
    place = (len(values) - 1) * q
    below = floor(place)
    t = place - (below + 0.0)  # the floor of a q of -0.0 has no sign in numpy
    a = b = ordered[0]
    for index in range(len(ordered)):
        a = ordered[index] if below == float(index) else a
        b = ordered[min(index + 1, len(ordered) - 1)] if below == float(index) else b
    d = b - a
    return b - d * (1.0 - t) if t >= 0.5 else a + d * t
