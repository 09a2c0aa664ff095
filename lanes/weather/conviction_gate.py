"""Acting only where one side is likely enough, and cheap enough."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from dag import as_unit, domain, lane, params, unit
from lanes.enums import BracketAction
from lanes.units import Prob

#: The price of a contract that pays 100 cents.
Ask: TypeAlias = Annotated[float, unit("cents"), domain(0.0, 100.0)]


@params
class ConvictionGate:
    """How likely a side has to be, and by how many cents its value has to exceed its price; -100 asks for nothing."""

    thr: Annotated[float, unit("prob"), domain(0.5, 1.0)] = 0.65
    min_edge: Annotated[float, unit("cents")] = -100.0


@lane
def conviction_gate(p_yes: Prob, yes_ask: Ask, no_ask: Ask, p: ConvictionGate) -> BracketAction:
    """Buy YES, or NO, or nothing.

    Units    p_yes and thr [prob], prices and edge [cents]
    Edges    both limits are inclusive, YES is asked first, and NO's probability is 1 - p_yes as computed
    Source   the weather cross-bracket bot; the edge over the price is [chosen], and off by default. The gate alone does not stop a
             bracket off centre: with the family's floor it still says NO at 0.92; what then stops it is the price.
    """
    yes_edge = as_unit(p_yes * 100.0, "cents") - yes_ask
    no = 1.0 - p_yes
    no_edge = as_unit(no * 100.0, "cents") - no_ask
    buys_no = no >= p.thr and no_edge >= p.min_edge
    buys_yes = p_yes >= p.thr and yes_edge >= p.min_edge
    otherwise = BracketAction.BUY_NO if buys_no else BracketAction.NONE
    return BracketAction.BUY_YES if buys_yes else otherwise
