"""Covariances of signals with each other and with what they are to explain, value by value."""

from __future__ import annotations

from dataclasses import dataclass

from dag import carry, lane
from lanes.independence.six import SIGNALS, Matrix, Row

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
    dx = ()
    new_means = ()
    for i in range(COLUMNS):
        dx = (*dx, x[i] - means[i])
        new_means = (*new_means, means[i] + dx[i] / n)
    means = new_means
    new_sums = ()
    for i in range(COLUMNS):
        for j in range(i, COLUMNS):
            new_sums = (*new_sums, sums[len(new_sums)] + dx[i] * (x[j] - means[j]))
    sums = new_sums
    rows = ()
    for i in range(COLUMNS):
        row = ()
        for j in range(COLUMNS):
            low = min(i, j)
            row = (*row, sums[low * COLUMNS - low * (low - 1) // 2 + max(i, j) - low] / n)
        rows = (*rows, row)
    explained = rows[SIGNALS]
    matrix = ()
    for i in range(SIGNALS):
        matrix = (*matrix, rows[i][:SIGNALS])
    return Covariance(count=count, signals=matrix, target=explained[:SIGNALS], variance=explained[SIGNALS])
