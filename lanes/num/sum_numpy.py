"""The sum of a tuple in numpy's order."""

from __future__ import annotations

from dag import sum_seq

#: Numpy adds up to 128 values in so many columns.
COLUMNS = 8


def sum_numpy(values: tuple[float, ...]) -> float:
    """The sum of `values`, at least one and at most 128, in the order in which numpy's `sum` adds a contiguous array.

    Units    one for all, which the result keeps
    Bits     fewer than 8 from left to right, from 0.0 on; others in eight columns, which are added in pairs, and then what is left
    """
    count = len(values)
    if count < COLUMNS:
        return sum_seq((0.0, *values))
    columns = values[:COLUMNS]
    for row in range(1, count // COLUMNS):
        columns = tuple(columns[column] + values[row * COLUMNS + column] for column in range(COLUMNS))
    a, b, c, d, e, f, g, h = columns
    total = ((a + b) + (c + d)) + ((e + f) + (g + h))
    for value in values[count - count % COLUMNS :]:
        total = total + value
    return total
