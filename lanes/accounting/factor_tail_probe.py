"""Does something upward act that the model does not know?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import carry, domain, ieee_div, lane, params
from lanes.units import ConvictionLeverage, Frac


@params
class FactorTailProbe:
    """Above which ratio a row counts."""

    thr: Annotated[float, domain(above=0.0)] = 1.05


@dataclass(frozen=True)
class FactorTail:
    """Recorded by modelled, and the share of the rows so far on which that is above the threshold."""

    ratio: float
    share: Frac


@lane
def factor_tail_probe(recorded: ConvictionLeverage, base: ConvictionLeverage, p: FactorTailProbe) -> FactorTail:
    """The ratio of a recorded leverage to a modelled one, and how often it is too large.

    Units    [x_conv] by [x_conv]
    State    how many rows there were, and how many above
    Edges    IEEE division: over 0 it is an infinity, or NaN, which is not above
    Source   the VIOLET V3 parity study, where 28 % above 1.05 gave away a missing factor
    """
    n = carry(initial=0)
    above = carry(initial=0)
    ratio = ieee_div(recorded, base)
    n = n + 1
    above = above + 1 if ratio > p.thr else above
    return FactorTail(ratio=ratio, share=float(above) / float(n))
