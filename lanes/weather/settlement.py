"""What a settled position paid, and what it earned, in whole cents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from dag import as_unit, domain, lane, rint, unit
from lanes.enums import MarketResult
from lanes.units import Cents

#: A number of contracts, whole or not; beyond 10^12 it is no position but a mistake.
Holding: TypeAlias = Annotated[float, unit("contracts"), domain(0.0, 1e12)]
#: What was paid, in cents.
Paid: TypeAlias = Annotated[Cents, domain(0, 10**15)]
#: What the venue reports, in cents.
Reported: TypeAlias = Annotated[Cents, domain(-(10**15), 10**15)]
CENTS_A_CONTRACT = 100.0


@dataclass(frozen=True)
class Settlement:
    """The profit, whether there was one, and whether the venue reported another revenue."""

    profit: Cents
    won: bool
    mismatch: bool


@lane
def settlement_revenue_cents(yes: Holding, no: Holding, result: MarketResult) -> Cents:
    """The payout of a binary position: 100 cents for each contract of the winning side.

    Units    positions [contracts], the payout [cents]
    Edges    nothing while the result is unknown; fractional contracts are rounded to the cent, ties to even [chosen]
    Source   the weather cross-bracket bot, which recomputes it since the venue's field said 0 for every settlement
    """
    won = yes if result == MarketResult.YES else no if result == MarketResult.NO else 0.0
    return as_unit(int(rint(won * CENTS_A_CONTRACT)), "cents")


@lane
def settlement_profit_cents(
    yes: Holding,
    no: Holding,
    result: MarketResult,
    cost: Paid,
    fees: Paid,
    reported: Reported,
    reported_present: bool,
) -> Settlement:
    """Revenue less cost less fees, and the revenue compared with the reported one.

    Units    positions [contracts], everything else [cents]
    Inputs   reported: what the venue says it paid, where it says anything
    Edges    a profit of 0 is not won [chosen]; nothing reported is no mismatch. A hedge of one contract each pays 100 whatever
             happens.
    Source   the weather cross-bracket bot
    """
    revenue = settlement_revenue_cents(yes, no, result)
    profit = revenue - cost - fees
    return Settlement(profit=profit, won=profit > 0, mismatch=reported_present and reported != revenue)
