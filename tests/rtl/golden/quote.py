"""The lane whose Verilog is kept beside it."""

from typing import Annotated

from dag import carry, domain, lane, params, unit

Price = Annotated[float, unit("px"), domain(0.0, 1e6)]


@params
class Quote:
    """How a quote is made."""

    weight: Annotated[float, unit("1"), domain(0.0, 1.0)] = 0.125
    floor: Annotated[float, unit("px"), domain(0.0, 9.0)] = 0.5


@lane
def slow_level(x: Price, weight: Annotated[float, unit("1")]) -> Price:
    """A level that follows `x`."""
    level = carry(initial=100.0)
    level = level + weight * (x - level)
    return level


@lane
def quote(bid: Price, ask: Price, p: Quote) -> Price:
    """Half the spread, or the floor, above the slow level of the bid."""
    spread = ask - bid
    half = max(0.5 * spread, p.floor)
    return slow_level(bid, p.weight) + half
