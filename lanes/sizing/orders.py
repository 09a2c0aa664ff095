"""What a venue takes: whole steps of quantity, whole ticks of price, and no order that is too small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import domain, lane, params, rint, trunc, unit
from lanes.units import Contracts, Price, Size

#: So near below a whole step or tick, relative to it, a number counts as the whole: 0.3 is three steps of 0.1.
NEARLY = 1.0 + 2.0**-40


@params
class VenueRules:
    """The step of quantities, the tick of prices, and the least quantity and notional, in the unit of quantity times price."""

    step: Annotated[Size, domain(above=0.0)] = 0.001
    tick: Price = 0.01
    min_quantity: Size = 0.0
    min_notional: Annotated[float, unit("contracts * px"), domain(lo=0.0)] = 0.0


@dataclass(frozen=True)
class Order:
    """What to send: 0 contracts where the order is too small, and whether it is sent at all."""

    quantity: Contracts
    price: Price
    sent: bool


@lane
def round_order(quantity: Contracts, price: Price, p: VenueRules) -> Order:
    """A quantity cut to whole steps, a price rounded to whole ticks, and nothing where a minimum is not met.

    Units    contracts and prices
    Bits     trunc((quantity / step) * (1 + 2^-40)) * step; rint(price / tick) * tick, ties to even
    Edges    a quantity is never rounded up by more than 2^-40 of itself; a minimum that is met exactly is met; the notional is
             that of the rounded numbers; a price below half a tick is one tick, since no order has a price of 0
    Source   the filters of exchanges: LOT_SIZE, PRICE_FILTER and MIN_NOTIONAL of Binance's API
    """
    whole = trunc((quantity / p.step) * NEARLY) * p.step
    rounded = max(rint(price / p.tick) * p.tick, p.tick)
    size = abs(whole)
    sent = size >= p.min_quantity and size * rounded >= p.min_notional and (whole > 0.0 or whole < 0.0)
    return Order(quantity=whole if sent else 0.0, price=rounded, sent=sent)
