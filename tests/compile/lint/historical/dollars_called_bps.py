"""A difference of prices was written down as basis points: off by the price, which nobody saw while it was near 10,000."""

from typing import Annotated

from dagc import domain, lane, unit

Price = Annotated[float, unit("px"), domain(above=0.0)]
Bps = Annotated[float, unit("bps")]


@lane
def basis(clob: Price, amm: Price) -> Bps:
    return clob - amm
