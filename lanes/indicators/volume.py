"""What volume says of a price, and what a book says of the next one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import carry, domain, ieee_div, lane
from lanes.indicators.averages import Quantity

#: Of two prices.
HALF = 0.5
Volume = Annotated[Quantity, domain(lo=0.0)]


@dataclass(frozen=True)
class SessionVwap:
    """The session's average price by volume, and the volume that went into it."""

    vwap: Quantity
    volume: Quantity


@lane
def obv(close: Quantity, volume: Volume) -> Quantity:
    """On-balance volume: the volume of bars that close higher, less that of bars that close lower.

    Units    those of the volume
    State    the total, the close before
    Bits     total + volume where the close is higher, total - volume where it is lower
    Edges    begins with the first bar's volume; an unchanged close adds nothing
    Source   J. Granville (1963); TA-Lib's OBV
    """
    before = carry(initial=close)
    begun = carry(initial=False)
    total = carry(initial=0.0)
    signed = volume if close > before or not begun else -volume if close < before else 0.0
    total = total + signed
    before = close
    begun = True
    return total


@lane
def vwap(price: Quantity, volume: Volume, new_session: bool) -> SessionVwap:
    """The volume-weighted average price since the session began.

    Units    those of the price and of the volume
    State    the session's money and volume
    Bits     both sums in the order of the bars, from this bar's own where a session begins
    Edges    the price itself until there is volume
    Source   the textbook definition; pass (high + low + close) / 3 for the typical price
    """
    money = carry(initial=0.0)
    traded = carry(initial=0.0)
    money = price * volume if new_session else money + price * volume
    traded = volume if new_session else traded + volume
    return SessionVwap(vwap=ieee_div(money, traded) if traded > 0.0 else price, volume=traded)


@lane
def book_imbalance(bid_size: Volume, ask_size: Volume) -> float:
    """How much more is bid than offered, from -1 to 1.

    Bits     (bid - ask) / (bid + ask)
    Edges    0 for an empty book
    Source   R. Cont, A. Kukanov and S. Stoikov, The price impact of order book events (2014)
    """
    both = bid_size + ask_size
    return ieee_div(bid_size - ask_size, both) if both > 0.0 else 0.0


@lane
def micro_price(bid: Quantity, ask: Quantity, bid_size: Volume, ask_size: Volume) -> Quantity:
    """The middle of a spread, weighted by what stands on the other side.

    Units    those of the prices
    Bits     (bid * ask_size + ask * bid_size) / (bid_size + ask_size)
    Edges    (bid + ask) / 2 for an empty book
    Source   S. Stoikov, The micro-price (2018), its weighted mid-price
    """
    both = bid_size + ask_size
    return ieee_div(bid * ask_size + ask * bid_size, both) if both > 0.0 else (bid + ask) * HALF
