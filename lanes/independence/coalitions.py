"""R squared of every coalition of signals, by one factorisation that they share."""

from __future__ import annotations

from typing import TypeAlias

from dag import ieee_div
from lanes.num.clamp import clamp

#: A column whose pivot is no larger than this share of its variance depends on those before it.
DEPENDENT = 1e-12
#: The coalition of nobody, which the tables begin with.
EMPTY = (0,)

Values: TypeAlias = tuple[float, ...]
Table: TypeAlias = tuple[Values, ...]


def r2_of_coalitions(covariances: Table, with_target: Values, variance: float) -> Values:
    """R squared of the regression on each subset of the signals, at the subset's bit mask; `variance` is above 0.

    Each is an LDL' factorisation in ascending order of signals that leaves out dependent columns. A coalition without its last
    signal comes before it and has the same factorisation up to there, so one step for each coalition and each later signal
    is enough: 17 thousand operations for nine signals, parts included, and the same bits as one by one, since none is done in
    another order. What a column that is left out would contribute is computed and not chosen.
    """
    n = len(with_target)
    # By coalition: whether its last signal is kept, that signal's pivot, R squared so far in units of the variance ...
    kept = tuple(False for _ in EMPTY)
    pivot = tuple(1.0 for _ in EMPTY)
    explained = tuple(0.0 for _ in EMPTY)
    # ... and, for each later signal: its entry in the column of the last, and what is left of its pivot and of its target.
    entry = tuple((0.0,) * n for _ in EMPTY)
    left = tuple(tuple(covariances[i][i] for i in range(n)) for _ in EMPTY)
    target_left = tuple(with_target for _ in EMPTY)
    for last in range(n):
        for before in range(1 << last):
            mask = before | 1 << last
            d = left[before][last]
            z = target_left[before][last]
            keep = d > DEPENDENT * covariances[last][last]
            kept = (*kept, keep)
            pivot = (*pivot, d)
            explained = (*explained, explained[before] + ieee_div(z * z, d) if keep else explained[before])
            line = tuple(
                entry_of(mask, last, i, covariances[i][last], kept, pivot, entry) if i > last else 0.0 for i in range(n)
            )
            entry = (*entry, line)
            lefts = tuple(
                (left[before][i] - (line[i] * line[i]) * d if keep else left[before][i]) if i > last else 0.0
                for i in range(n)
            )
            left = (*left, lefts)
            targets = tuple(
                (target_left[before][i] - line[i] * z if keep else target_left[before][i]) if i > last else 0.0
                for i in range(n)
            )
            target_left = (*target_left, targets)
    return tuple(clamp(explained[mask] / variance, 0.0, 1.0) for mask in range(1 << n))


def entry_of(
    mask: int, last: int, i: int, covariance: float, kept: tuple[bool, ...], pivot: Values, entry: Table
) -> float:
    """Signal i's entry in the column of the last signal of coalition `mask`."""
    v = covariance
    for b in range(last):
        if mask >> b & 1 == 1:
            prefix = mask & ((2 << b) - 1)
            v = v - (entry[prefix][i] * pivot[prefix]) * entry[prefix][last] if kept[prefix] else v
    return ieee_div(v, pivot[mask])
