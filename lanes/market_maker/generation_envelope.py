"""Everything that limits quotes, once a cycle, before any is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from dag import as_unit, domain, floor, lane, unit
from lanes.units import Contracts, Price, Size, Ticks, Usd

#: Quotes keep this many ticks from crossing.
INSIDE = 2
#: A capacity of a whole number of orders, short of it by rounding, counts as that number.
ROUNDING = 1e-9
#: More levels than anyone quotes; capacities beyond it are not told apart.
MOST_LEVELS = 1 << 31

Count: TypeAlias = Annotated[int, domain(0, MOST_LEVELS)]
Tick: TypeAlias = Annotated[Ticks, domain(1, 1 << 53)]
WholeTicks: TypeAlias = Annotated[int, unit("ticks")]


@dataclass(frozen=True)
class Capacities:
    """What limits each side: the largest position, the exchange, the margin."""

    bid_pos: Contracts
    bid_exch: Contracts
    bid_margin: Contracts
    ask_pos: Contracts
    ask_exch: Contracts
    ask_margin: Contracts


@dataclass(frozen=True)
class Envelope:
    """The highest bid, the lowest ask, each side's capacity and levels, and whether there is nothing to quote."""

    bid_ceil_t: WholeTicks
    ask_floor_t: WholeTicks
    bid_cap: Size
    ask_cap: Size
    bid_levels: int
    ask_levels: int
    empty: bool


def capacity_of(pos: float, exch: float, margin: float) -> float:
    """The least of the three, and at least nothing."""
    return max(min(min(pos, exch), margin), as_unit(0.0, "contracts"))  # dagc: allow W022 below nothing is nothing


def levels_of(cap: float, size: float, configured: int, quota: int, allowed: bool) -> int:
    """How many orders of `size` fit, up to what is configured and what the rate limit leaves."""
    fitting = int(floor(min(cap / size + ROUNDING, float(MOST_LEVELS))))
    levels = min(min(configured, fitting), quota)
    return max(levels, 0) if allowed else 0


@lane
def generation_envelope(
    bid_t: Tick, ask_t: Tick, stale_t: Ticks, caps: Capacities, configured: Count, quota: Count,
    bid_ok: bool, ask_ok: bool, min_size: Annotated[Contracts, domain(above=0.0)], min_notional: Usd, mid: Price,
) -> Envelope:  # fmt: skip
    """What can be quoted at all: where, how much, how many levels. Filtering afterwards threw away 31 % of what was generated.

    Units    prices in whole [ticks] (in floats "two ticks inside" is ambiguous: 30.92 - 2 * 0.001 is 30.918000000000003), sizes
             [contracts], min_notional [usd], mid [px]
    Bits     ceiling ask_t - 2 - stale_t, floor bid_t + 2 + stale_t; a level is max(min_size, min_notional / mid); levels are
             floor(capacity / size + 1e-9), so that 0.3 / 0.1 = 2.9999999999999996 is three
    Edges    a side that is not allowed has no levels; with none on both sides the cycle is empty
    Source   the market maker's redesign; ticks, the smallest size and the rounding are [chosen]
    """
    size = max(min_size, as_unit(min_notional / mid, "contracts"))
    bid_cap = capacity_of(caps.bid_pos, caps.bid_exch, caps.bid_margin)
    ask_cap = capacity_of(caps.ask_pos, caps.ask_exch, caps.ask_margin)
    bid_levels = levels_of(bid_cap, size, configured, quota, bid_ok)
    ask_levels = levels_of(ask_cap, size, configured, quota, ask_ok)
    two = as_unit(INSIDE, "ticks")
    return Envelope(
        bid_ceil_t=ask_t - two - stale_t,
        ask_floor_t=bid_t + two + stale_t,
        bid_cap=bid_cap,
        ask_cap=ask_cap,
        bid_levels=bid_levels,
        ask_levels=ask_levels,
        empty=bid_levels == 0 and ask_levels == 0,
    )
