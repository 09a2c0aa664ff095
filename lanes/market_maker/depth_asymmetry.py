"""Which side of the book is deeper."""

from __future__ import annotations

from dataclasses import dataclass

from dag import as_unit, lane, sum_seq
from lanes.market_maker.depth import Sizes
from lanes.num.k_log import k_log


@dataclass(frozen=True)
class DepthAsymmetry:
    """Bid depth over ask depth, its logarithm (its sign is the direction), and whether there are two sides."""

    ratio: float
    log_ratio: float
    ok: bool


@lane
def depth_asymmetry(bid_sz: Sizes, ask_sz: Sizes) -> DepthAsymmetry:
    """How much deeper the bid side is than the ask side, over five levels.

    Units    sizes [contracts], ratio a plain number, log_ratio in nats
    Bits     sums from 0.0, best level first
    Edges    with one side empty the ratio is 1, its logarithm 0, and it is not ok
    Source   the market maker's redesign; the logarithm is [chosen]
    """
    bid = sum_seq(bid_sz)
    ask = sum_seq(ask_sz)
    empty = as_unit(0.0, "contracts")
    if not (bid > empty and ask > empty):
        return DepthAsymmetry(ratio=1.0, log_ratio=0.0, ok=False)
    ratio = bid / ask
    return DepthAsymmetry(ratio=ratio, log_ratio=k_log(ratio), ok=True)
