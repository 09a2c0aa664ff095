"""How good probabilities and forecasts turned out to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import as_unit, carry, domain, lane, params, sqrt
from lanes.units import Fahrenheit, Prob

#: The most residuals that are kept.
RING = 18


@params
class SigmaResidual:
    """Over how many residuals, and from how many on the result is to be trusted."""

    win: Annotated[int, domain(1, RING)] = RING
    min_n: Annotated[int, domain(lo=1)] = 10


@dataclass(frozen=True)
class Residual:
    """The root of the mean squared residual, and whether there are enough of them."""

    rmse: Fahrenheit
    warm: bool


@lane
def brier(p: Prob, outcome: bool) -> float:
    """The mean squared error of probabilities, for one family.

    Units    p [prob], the result a plain number
    State    how many there were, and the sum of their squares
    Bits     the sum in the order of arrival, then one division
    Source   the weather cross-bracket bot: 0.316 for the family it blocks, about 0.10 for the others
    """
    count = carry(initial=0)
    total = carry(initial=0.0)
    miss = p - (1.0 if outcome else 0.0)
    count = count + 1
    total = total + miss * miss
    return total / float(count)


@lane
def sigma_residual_rmse(actual: Fahrenheit, pred: Fahrenheit, p: SigmaResidual) -> Residual:
    """What the spread of a family's forecasts has been lately: the floor for `sigma_floor`.

    Units    [degF]
    State    the last 18 squared residuals, oldest first, and how many of them are real
    Bits     the squares are summed from the oldest to the newest from +0.0; sqrt(sum / n)
    Source   the weather cross-bracket bot: over 18 days, 10 to 16 samples; that the window counts samples is [chosen]
    """
    ring = carry(initial=(as_unit(0.0, "degF**2"),) * RING)
    seen = carry(initial=0)
    apart = actual - pred
    ring = (*ring[1:], apart * apart)
    seen = min(seen + 1, RING)
    n = min(seen, p.win)
    total = as_unit(0.0, "degF**2")
    for place in range(RING):
        total = total + ring[place] if place >= RING - n else total
    return Residual(rmse=sqrt(total / float(n)), warm=n >= p.min_n)
