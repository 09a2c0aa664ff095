"""The probability that a day's high falls in a bracket."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Annotated

from dag import domain, lane, params
from lanes.num.clamp import clamp
from lanes.num.k_ncdf import k_ncdf
from lanes.units import Fahrenheit, Prob, Spread

#: A bracket covers two whole degrees, and so reaches one to either side of its label.
HALF_WIDTH = 1.0


@dataclass(frozen=True)
class Edges:
    """From where to where a bracket reaches."""

    lo: Fahrenheit
    hi: Fahrenheit


@params
class BracketProb:
    """How close to 0 and 1 a probability may come; 0 switches that off."""

    p_floor: Annotated[float, domain(0.0, 0.5)] = 0.005


@lane
def bracket_edges(label_mid: Fahrenheit) -> Edges:
    """The edges of a bracket: B38.5 is settled by the whole degrees 38 and 39, so it reaches from 37.5 to 39.5.

    Units    [degF]
    Source   [chosen] the width with which the weather cross-bracket bot's statement holds that at a spread of 1 degree its gate
             opens for brackets more than 1.4 degrees away
    """
    return Edges(lo=label_mid - HALF_WIDTH, hi=label_mid + HALF_WIDTH)


@lane
def bracket_prob(mu: Fahrenheit, sigma: Spread, lo: Fahrenheit, hi: Fahrenheit, p: BracketProb) -> Prob:
    """The normal distribution's weight between two edges.

    Units    temperatures [degF], the result [prob]
    Bits     clamp(Phi((hi - mu) / sigma) - Phi((lo - mu) / sigma), p_floor, 1 - p_floor), Phi being `k_ncdf`
    Edges    an edge at infinity, which a lane that calls this one may give, is that of an open bracket. Edges in the wrong order give the floor.
             NaN stays NaN.
    Source   the weather cross-bracket bot; the floor is [chosen]: both its examples, 0.005 and 0.04 for one bracket, need it
    """
    below = 0.0 if lo == -inf else k_ncdf((lo - mu) / sigma)
    up_to = 1.0 if hi == inf else k_ncdf((hi - mu) / sigma)
    return clamp(up_to - below, p.p_floor, 1.0 - p.p_floor)
