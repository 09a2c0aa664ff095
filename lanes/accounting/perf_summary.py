"""What an account's ledger amounts to."""

from __future__ import annotations

from dataclasses import dataclass

from dag import as_unit, ieee_div, lane
from lanes.accounting.equity import Account, Ledger
from lanes.units import Percent, Return


@dataclass(frozen=True)
class Performance:
    """Return and worst drawdown in percent, their ratio, gross profit by gross loss, and the share of winning trades."""

    roi: Percent
    maxdd_pct: Percent
    calmar: float
    profit_factor: float
    win_rate: Return


@lane
def perf_summary(ledger: Ledger, p: Account) -> Performance:
    """Return on the initial capital, drawdown, Calmar ratio, profit factor and win rate.

    Units    percent [pct], ratios without unit
    Bits     roi = ((eq - c0) / c0) * 100
    Edges    IEEE division: no losses give an infinite profit factor, no trades NaN
    Source   the D_LIQ gold backtest: 181.81 % over 17.65 % is its published Calmar of 10.30
    """
    roi = as_unit(((ledger.eq - p.c0) / p.c0) * 100.0, "pct")
    maxdd_pct = as_unit(ledger.maxdd * 100.0, "pct")
    return Performance(
        roi=roi,
        maxdd_pct=maxdd_pct,
        calmar=ieee_div(roi, maxdd_pct),
        profit_factor=ieee_div(ledger.gross_profit, ledger.gross_loss),
        win_rate=ieee_div(float(ledger.wins), float(ledger.trades)),
    )
