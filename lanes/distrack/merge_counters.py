"""Histograms of two streams made one."""

from __future__ import annotations

from collections.abc import Sequence


def merged_counters(a: Sequence[int], b: Sequence[int]) -> tuple[int, ...]:
    """The counters of both streams: the sums. In any order, and however they are grouped, the same. For numbers.

    Raises ValueError where they are not equally many.
    """
    return tuple(x + y for x, y in zip(a, b, strict=True))
