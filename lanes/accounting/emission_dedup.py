"""A trade that was emitted twice is one trade."""

from __future__ import annotations

from dataclasses import dataclass

from dag import lane
from lanes.units import Pnl


@dataclass(frozen=True)
class Emission:
    """Whether a row counts, and whether it contradicts the one before it of the same trade."""

    keep: bool
    conflict: bool


@lane
def emission_dedup(pnl: Pnl, known: bool, last_pnl: Pnl) -> Emission:
    """Keep the first row of a trade, drop its repeats, keep and flag a row that says something else.

    Inputs   known and last_pnl: whether the trade's number was seen, and with which pnl. `lanes.batch.EmissionTable` looks it up.
    Edges    0.0 repeats -0.0; NaN repeats nothing
    Source   the VIOLET data study: 3453 rows of 2193 trades, 98.3 % of the repeats with one pnl, one trade 317 times. What
             becomes of the others is [chosen].
    """
    repeats = known and last_pnl == pnl
    return Emission(keep=not repeats, conflict=known and not repeats)
