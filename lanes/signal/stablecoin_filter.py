"""Dropping pegged assets before one is picked."""

from __future__ import annotations

from typing import Annotated

from dag import domain, lane, params

#: The number of an asset in the universe: its bit.
AssetBit = Annotated[int, domain(0, 62)]


@params
class StablecoinFilter:
    """The pegged assets, a bit each. No source lists them, so there is no default: pin it from the configured universe."""

    excluded: Annotated[int, domain(lo=0)]


@lane
def stablecoin_filter(asset_id: AssetBit, p: StablecoinFilter) -> bool:
    """Whether an asset may be traded: its bit is not among the excluded.

    Edges    63 assets have a bit; the sign bit is nobody's
    Source   the VIOLET V3 shadow engine drops a fixed set of ten symbols, the same as its reference
    """
    return ((p.excluded >> asset_id) & 1) == 0
