"""Whether two signals are one."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from dag import domain, lane, params
from lanes.independence.six import SIGNALS, Correlations

Place: TypeAlias = Annotated[int, domain(0, SIGNALS - 1)]


@params
class IsDegenerate:
    """From which correlation on, of either sign, two signals count as one."""

    thr: Annotated[float, domain(0.0, 1.0)] = 0.8


@lane
def is_degenerate(correlations: Correlations, a: Place, b: Place, p: IsDegenerate) -> bool:
    """Whether signals `a` and `b` are correlated beyond the threshold; just at it they are not.

    Units    plain numbers; a and b count from 0
    Source   the market maker's redesign: 0.8
    """
    rho = correlations[0][0]
    for i in range(SIGNALS):
        for j in range(SIGNALS):
            rho = correlations[i][j] if a == i and b == j else rho
    return abs(rho) > p.thr
