"""How many signals there really are."""

from __future__ import annotations

from dag import ieee_div, lane
from lanes.independence.six import Correlations


def participation(correlations: tuple[tuple[float, ...], ...]) -> float:
    """The participation ratio of a correlation matrix of any known size: n n over the sum of all squares."""
    total = 0.0
    for row in correlations:
        for each in row:
            total = total + each * each
    n = float(len(correlations))
    return ieee_div(n * n, total)


@lane
def effective_n(correlations: Correlations) -> float:
    """The effective number of six signals: 1 if they are all one, 6 if they are independent.

    Units    plain numbers
    Bits     squares are summed from 0.0, row by row, the diagonal and both halves; n * n over the sum
    Edges    only a matrix of zeros, which is no correlation matrix, gives infinity. `participation` takes any size
    Source   the market maker's redesign
    """
    return participation(correlations)
