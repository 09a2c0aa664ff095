"""Who explains how much: the exact Shapley split of R squared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated

from dag import domain, lane
from lanes.independence.coalitions import r2_of_coalitions
from lanes.independence.six import Matrix, Row, as_row
from lanes.units import Frac

#: As many signals as can be split: 512 coalitions.
MOST_SIGNALS = 9
#: By the number of signals n and of those that came before, k: k!(n-k-1)!/n!, rounded once.
WEIGHTS = tuple(
    tuple(math.factorial(k) * math.factorial(n - k - 1) / math.factorial(n) for k in range(n))
    for n in range(MOST_SIGNALS + 1)
)


@dataclass(frozen=True)
class Attribution:
    """Each signal's part of R squared, and all of it."""

    phi: Row
    r2: Frac


def shapley_split(
    covariances: tuple[tuple[float, ...], ...], with_target: tuple[float, ...], variance: float
) -> tuple[tuple[float, ...], float]:
    """Each signal's part of R squared, and all of it, for any known number of signals; 512 coalitions for nine.

    Coalitions are gone through in ascending bit mask, weights k!(n-k-1)!/n! are rounded once, and a variance that is not above 0
    splits nothing.
    """
    n = len(with_target)
    explains = variance > 0.0
    r2 = r2_of_coalitions(covariances, with_target, variance if explains else 1.0)
    parts = tuple(part_of(i, n, r2) if explains else 0.0 for i in range(n))
    return parts, r2[(1 << n) - 1] if explains else 0.0


def part_of(i: int, n: int, r2: tuple[float, ...]) -> float:
    """The weighted gains in R squared from adding signal i to each coalition without it."""
    part = 0.0
    for mask in range(1 << n):
        if mask >> i & 1 == 0:
            others = 0
            for k in range(n):
                others = others + (mask >> k & 1)
            part = part + WEIGHTS[n][others] * (r2[mask | 1 << i] - r2[mask])
    return part


@lane(taps=False)
def shapley_r2(covariances: Matrix, with_target: Row, variance: Annotated[float, domain(lo=0.0)]) -> Attribution:
    """The Shapley values of six signals: the mean gain in R squared from adding a signal, over all orders.

    Units    covariances in, fractions out
    Bits     see `shapley_split`, which takes any number of signals, and `r2_of_coalitions`
    Edges    the parts add up to r2 but for rounding; of two signals that are one each gets half; a variance of 0 splits nothing
    Source   the market maker's redesign: every 200 cycles, in place of equal shares. Shapley (1953)
    [chosen] dependent columns are left out at a pivot of 1e-12; what is explained is the edge of a cycle
    """
    phi, r2 = shapley_split(covariances, with_target, variance)
    return Attribution(phi=as_row(phi), r2=r2)
