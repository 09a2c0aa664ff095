"""Mending records: tags that were lost, revenues that the venue said were zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import domain, lane, params
from lanes.enums import FillSource, MarketResult
from lanes.units import Cents, Seconds
from lanes.weather.settlement import Holding, Paid, settlement_profit_cents, settlement_revenue_cents


@params
class BackfillSource:
    """How far from a decision a fill may be, up to which price it may be an exit, and for how long after an entry."""

    near: Annotated[Seconds, domain(0.0, 86_400.0)] = 60.0
    exit_price: Annotated[Cents, domain(0, 100)] = 15
    exit_after: Annotated[Seconds, domain(0.0, 604_800.0)] = 43_200.0


AS_IN_THE_SOURCE = BackfillSource()


@dataclass(frozen=True)
class Row:
    """A settled row as it should be, and whether it is stored otherwise."""

    revenue: Cents
    profit: Cents
    won: bool
    changed: bool


@lane
def backfill_source(
    tag: FillSource,
    t: Seconds,
    side_yes: bool,
    price_cents: Annotated[Cents, domain(0, 100)],
    t_dec: Seconds,
    t_dec_present: bool,
    t_no_entry: Seconds,
    t_no_entry_present: bool,
    p: BackfillSource = AS_IN_THE_SOURCE,
) -> FillSource:
    """The strategy of a fill that was tagged manual: near a decision its own, a cheap YES soon after a NO entry its exit.

    Units    times [s], the price [cents]
    Inputs   t_dec: the nearest posted decision on this ticker and side; t_no_entry: the last NO entry on this ticker
    Edges    both limits of time and the price are inclusive; a tag other than MANUAL stays
    Source   the weather cross-bracket bot, which so recovered 31 of 34
    """
    near = t_dec_present and abs(t - t_dec) <= p.near
    after = t - t_no_entry
    closes = side_yes and price_cents <= p.exit_price and t_no_entry_present and 0.0 <= after <= p.exit_after
    otherwise = FillSource.CROSS_BRACKET_EXIT if closes else FillSource.MANUAL
    found = FillSource.CROSS_BRACKET if near else otherwise
    return found if tag == FillSource.MANUAL else tag


@lane
def backfill_settlement(
    revenue: Cents,
    profit: Cents,
    won: bool,
    yes: Holding,
    no: Holding,
    result: MarketResult,
    cost: Paid,
    fees: Paid,
) -> Row:
    """A stored row computed anew; it is written only where it differs, so that a second run writes nothing.

    Units    positions [contracts], money [cents]
    Inputs   revenue, profit and won as they are stored
    Source   the weather cross-bracket bot: 14 rows were mended, 14 dollars in all
    """
    paid = settlement_revenue_cents(yes, no, result)
    earned = settlement_profit_cents(yes, no, result, cost, fees, 0, False)
    changed = paid != revenue or earned.profit != profit or earned.won != won
    return Row(revenue=paid, profit=earned.profit, won=earned.won, changed=changed)
