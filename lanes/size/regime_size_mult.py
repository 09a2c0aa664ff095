"""Factor 3: the regime."""

from __future__ import annotations

from typing import Annotated

from dag import domain, lane
from lanes.units import Mult


@lane
def regime_size_mult(
    acb: Annotated[Mult, domain(above=0.0)], meta: Annotated[Mult, domain(0.5, 1.5)], mc: Mult
) -> Mult:
    """Circuit-breaker boost times meta boost times forewarner scale.

    Bits     (acb * meta) * mc, in this order: another order differs in the last bit
    Source   the composition of the VIOLET V3 five-factor sizing; the domain of `meta`, an outside model's output that is 1
             when neutral, is [chosen]
    """
    mult = (acb * meta) * mc
    return mult
