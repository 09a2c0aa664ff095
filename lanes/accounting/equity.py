"""Equity, trade by trade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import as_unit, carry, domain, lane, params
from lanes.units import Pnl, Return, Usd


@params
class Account:
    """The capital an account begins with."""

    c0: Annotated[Usd, domain(above=0.0)] = 25_000.0


@dataclass(frozen=True)
class Ledger:
    """An account after a trade: its equity and the highest there was, the worst drawdown, gains, losses and how many trades."""

    eq: Pnl
    peak: Pnl
    maxdd: Return
    gross_profit: Pnl
    gross_loss: Pnl
    wins: int
    trades: int


@lane
def equity(pnl: Pnl, p: Account) -> Ledger:
    """The account after one more trade.

    Units    money [usd], the drawdown a fraction of the peak
    State    all of the ledger, from c0 and zeros on
    Edges    a trade of exactly 0 counts and is no win. Shown trades it samples drawdown by trade, shown bars by bar: the two
             differ, and so do the Calmar ratios made of them. `equity(pnl, p, when=closed, initial=...)` shows it trades.
    Source   the D_LIQ gold backtest. Its published Calmar ratios of one engine, 10.30 and 7.83, mean two samplings; by trade is
             [chosen].
    """
    eq = carry(initial=p.c0)
    peak = carry(initial=p.c0)
    maxdd = carry(initial=0.0)
    gross_profit = carry(initial=as_unit(0.0, "usd"))
    gross_loss = carry(initial=as_unit(0.0, "usd"))
    wins = carry(initial=0)
    trades = carry(initial=0)
    eq = eq + pnl
    peak = max(peak, eq)  # dagc: allow W023 an equity that is NaN has no peak; it stays NaN itself
    maxdd = max(maxdd, (peak - eq) / peak)  # dagc: allow W023 nor a drawdown
    gross_profit = gross_profit + pnl if pnl > 0.0 else gross_profit
    gross_loss = gross_loss - pnl if pnl < 0.0 else gross_loss
    wins = wins + 1 if pnl > 0.0 else wins
    trades = trades + 1
    return Ledger(
        eq=eq,
        peak=peak,
        maxdd=maxdd,
        gross_profit=gross_profit,
        gross_loss=gross_loss,
        wins=wins,
        trades=trades,
    )
