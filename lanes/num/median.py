"""The middle of a few values."""

from __future__ import annotations

import math


def median(values: tuple[float, ...]) -> float:
    """The middle value in ascending order, or half the sum of the two in the middle; of a tuple of any known length.

    Units    one unit for all values, which the result keeps
    Edges    NaN where a value is NaN: it has no place in an order. Equal values count in their order, so that of -0.0 and 0.0 the one that stands first is the lower
    """
    size = len(values)
    low = values[0]
    high = values[0]
    ordered = True
    for i in range(size):
        rank = 0
        ordered = ordered and values[i] == values[i]
        for j in range(size):
            if j < i:
                rank = rank + 1 if values[j] <= values[i] else rank
            elif j > i:
                rank = rank + 1 if values[j] < values[i] else rank
        low = values[i] if rank == (size - 1) // 2 else low
        high = values[i] if rank == size // 2 else high
    middle = high if size % 2 == 1 else (low + high) / 2.0
    return middle if ordered else math.nan
