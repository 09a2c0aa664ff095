"""Mean and standard deviation in numpy's order of summation."""

from __future__ import annotations

from dag import sqrt
from lanes.num.sum_numpy import sum_numpy


def mean_and_deviation(values: tuple[float, ...]) -> tuple[float, float]:
    """The mean of `values`, at least one, and their population standard deviation.

    Units    one for all, which both results keep
    Bits     those of numpy's mean and std: `sum_numpy`, divided by the count; deviations squared by a product
    """
    count = float(len(values))
    mean = sum_numpy(values) / count
    squares = values[:0]
    for value in values:
        squares = (*squares, (value - mean) * (value - mean))
    return mean, sqrt(sum_numpy(squares) / count)
