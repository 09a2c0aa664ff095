"""Covariances of signals with each other and with what they are to explain, value by value."""

from __future__ import annotations

from dataclasses import dataclass

from dag import carry, lane
from lanes.independence.six import SIGNALS, Matrix, Row, as_row

#: The signals and their target.
COLUMNS = SIGNALS + 1


@dataclass(frozen=True)
class Covariance:
    """How many values, the signals' covariances, each signal's with the target, the target's variance."""

    count: int
    signals: Matrix
    target: Row
    variance: float


@lane
def welford_cov(signals: Row, target: float) -> Covariance:
    """Population covariances of all values so far: what `shapley_r2` splits.

    Units    plain numbers
    State    the count, seven means, and the upper half of the matrix of sums: 36 words
    Bits     dx = x - mean; mean + dx / n; sum_ij + dx_i * (x_j - new mean_j) for j >= i, mirrored; sums / n
    Edges    the first value has covariances of 0
    Source   Welford (1962), Technometrics 4(3); the market maker's redesign
    """
    count = carry(initial=0)
    means = carry(initial=(0.0,) * COLUMNS)
    sums = carry(initial=(0.0,) * (COLUMNS * (COLUMNS + 1) // 2))
    count = count + 1
    n = float(count)
    x = (*signals, target)
    dx = tuple(x[i] - means[i] for i in range(COLUMNS))
    means = tuple(means[i] + dx[i] / n for i in range(COLUMNS))
    sums = tuple(sums[place(i, j)] + dx[i] * (x[j] - means[j]) for i in range(COLUMNS) for j in range(i, COLUMNS))
    rows = tuple(as_row(tuple(sums[place(i, j)] / n for j in range(SIGNALS))) for i in range(COLUMNS))
    matrix = (rows[0], rows[1], rows[2], rows[3], rows[4], rows[5])
    return Covariance(count=count, signals=matrix, target=rows[SIGNALS], variance=sums[place(SIGNALS, SIGNALS)] / n)


def place(i: int, j: int) -> int:
    """Where the sum of columns i and j stands: the upper half, row by row."""
    row = min(i, j)
    return row * COLUMNS - row * (row - 1) // 2 + max(i, j) - row
