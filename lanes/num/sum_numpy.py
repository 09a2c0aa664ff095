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
        grown = values[:0]
        for column in range(COLUMNS):
            grown = (*grown, columns[column] + values[row * COLUMNS + column])
        columns = grown
    c = columns
    total = ((c[0] + c[1]) + (c[2] + c[3])) + ((c[4] + c[5]) + (c[6] + c[7]))
    for value in values[count - count % COLUMNS :]:
        total = total + value
    return total
