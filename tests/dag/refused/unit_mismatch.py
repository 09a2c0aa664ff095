from dataclasses import dataclass
from typing import Annotated

from dag import carry, lane, params, unit

Price = Annotated[float, unit("px")]
Bps = Annotated[float, unit("bps")]


@params
class Fee:
    fee: Bps = 1.5


@dataclass(frozen=True)
class Quote:
    spread: Bps


@lane
def net(bid: Price, ask: Price, p: Fee) -> Quote:
    cost = ask - bid + p.fee
    floor = max(bid, p.fee)
    best = bid if bid < ask else p.fee
    wide = p.fee > ask
    edge = in_bps(ask)
    total = carry(initial=0.0)
    rest = total + bid
    total = p.fee + edge if wide else p.fee
    return Quote(spread=ask - bid)


@lane
def in_bps(move: Bps) -> Bps:
    return move * move
