"""Factor 2: the direction check as a multiplier."""

from __future__ import annotations

from dataclasses import dataclass

from dag import lane, params
from lanes.enums import DcStatus
from lanes.units import Mult


@params
class DcLevMult:
    """What confirmation is worth, and what contradiction costs."""

    boost: Mult = 1.0
    reduce: Mult = 0.5
    skip_contradicts: bool = True
    use_reduce: bool = True


@dataclass(frozen=True)
class DcFactor:
    """The multiplier, and whether the trade is skipped altogether."""

    mult: Mult
    skip: bool


@lane
def dc_lev_mult(status: DcStatus, p: DcLevMult) -> DcFactor:
    """`boost` on CONFIRM, `reduce` on CONTRADICT where it is used, otherwise 1.

    Units    multipliers
    Source   the D_LIQ gold backtest (boost 1, reduce 0.5, contradictions skipped); the five-factor form of VIOLET V3 boosts
             only, with a value it does not state
    """
    skip = p.skip_contradicts and status == DcStatus.CONTRADICT
    reduced = p.reduce if p.use_reduce and status == DcStatus.CONTRADICT else 1.0
    mult = p.boost if status == DcStatus.CONFIRM else reduced
    return DcFactor(mult=mult, skip=skip)
