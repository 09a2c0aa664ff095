"""What is known of the outcomes of one instance: how many there were, their four moments, and how far they fell from their peak."""

from __future__ import annotations

from dataclasses import dataclass

from dag import carry, lane

#: Of the update of the third and fourth moments.
TWO, THREE, FOUR, SIX = 2.0, 3.0, 4.0, 6.0


@dataclass(frozen=True)
class Ledger:
    """`count` outcomes, their mean, the sums of the second, third and fourth powers of their deviations from it, their sum, and the
    greatest fall of that sum from its peak."""

    count: float
    mean: float
    squares: float
    cubes: float
    fourths: float
    total: float
    drawdown: float


@lane
def ledger(outcome: float, counts: bool) -> Ledger:
    """The moments of all outcomes so far, this one included where it `counts`.

    Units    plain numbers; `total` and `drawdown` in the unit of an outcome
    Bits     n the count with it: d = x - mean, e = d / n, f = d * e * (n - 1); then
             fourths + (f * e * e * (n * n - 3 n + 3) + 6 * e * e * squares - 4 * e * cubes), cubes + (f * e * (n - 2) - 3 * e * squares),
             squares + f, mean + e
    Source   Pebay (2008), Formulas for robust, one-pass parallel computation of covariances and arbitrary-order moments, SAND2008-6212
    """
    count = carry(initial=0.0)
    mean = carry(initial=0.0)
    squares = carry(initial=0.0)
    cubes = carry(initial=0.0)
    fourths = carry(initial=0.0)
    total = carry(initial=0.0)
    peak = carry(initial=0.0)
    drawdown = carry(initial=0.0)
    before = count
    n = before + 1.0
    d = outcome - mean
    e = d / max(n, 1.0)
    f = d * e * before
    more_fourths = f * e * e * (n * n - THREE * n + THREE) + SIX * e * e * squares - FOUR * e * cubes
    more_cubes = f * e * (n - TWO) - THREE * e * squares
    fourths = fourths + more_fourths if counts else fourths
    cubes = cubes + more_cubes if counts else cubes
    squares = squares + f if counts else squares
    mean = mean + e if counts else mean
    total = total + outcome if counts else total
    count = n if counts else count
    peak = max(peak, total)
    drawdown = max(drawdown, peak - total)
    return Ledger(count=count, mean=mean, squares=squares, cubes=cubes, fourths=fourths, total=total, drawdown=drawdown)
