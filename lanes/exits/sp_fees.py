"""What the venue charges on one side of a trade."""

from __future__ import annotations

from dag import as_unit, lane, params
from lanes.enums import RateKind
from lanes.units import Bps


@params
class SpFees:
    """The side's rate, which must be pinned (0.62 in, 0.50 out in the gold backtest), what it means, and the two fees."""

    rate: float
    rate_kind: RateKind = RateKind.MAKER_FRACTION
    maker_bps: Bps = 2.0
    taker_bps: Bps = 5.0
    on: bool = True


@lane
def sp_fees(p: SpFees) -> Bps:
    """The fee of one side: maker and taker fees by the share of maker fills, or the rate itself.

    Units    [bps]
    Bits     rate * maker_bps + (1 - rate) * taker_bps
    Source   the D_LIQ gold backtest labels its rates "bps", though a rate beside a confirmation rate of 0.40 reads as a share:
             the kind, and both fees, are [chosen]
    """
    by_share = p.rate * p.maker_bps + (1.0 - p.rate) * p.taker_bps
    charged = as_unit(p.rate, "bps") if p.rate_kind == RateKind.BPS else by_share
    fee = charged if p.on else 0.0
    return fee
