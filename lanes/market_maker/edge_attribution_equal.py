"""Attribution as it was: to everybody the same."""

from __future__ import annotations

from typing import TypeAlias

from dag import as_unit, lane
from lanes.units import Bps

#: The signals of that time.
SIGNALS = 6
Active: TypeAlias = tuple[bool, bool, bool, bool, bool, bool]
Shares: TypeAlias = tuple[Bps, Bps, Bps, Bps, Bps, Bps]


@lane
def edge_attribution_equal(pnl_bps: Bps, active: Active) -> Shares:
    """The result split evenly over the signals that are active. For regression only: `shapley_r2` replaces it.

    Units    [bps]
    Edges    36 bps over six signals are 6 each, whatever they said; with none active nobody gets anything
    Source   the market maker before its redesign, which reported +6.0 or -6.0 for all six
    """
    count = 0
    for each in active:
        count = count + 1 if each else count
    share = pnl_bps / float(count) if count > 0 else as_unit(0.0, "bps")
    nothing = as_unit(0.0, "bps")
    a, b, c, d, e, f = tuple(share if each else nothing for each in active)
    return a, b, c, d, e, f
