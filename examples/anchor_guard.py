"""The anchor of a CLOB/AMM quoting engine: quotes are held near the order book, the guard watches what the cap hides.

    dagc build examples/anchor_guard.py:anchor_guard -o build/anchor_guard
    python examples/anchor_ticks.py -o build/anchor_ticks.csv
    dagc check examples/anchor_guard.py:anchor_guard --data build/anchor_ticks.csv

The guard as it was stands beside the one that replaced it: locked at the cap, the old one idles and cannot leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import feed, lane, logged, safe, sink
from lanes.anchor import (
    AnchorSystem,
    Guard,
    SessionSummary,
    quote_anchor_cap,
    residual_anchor,
    saturation_guard_legacy,
    session_summary,
)
from lanes.presets import ANCHOR_FLAG048
from lanes.units import Bps, Price


@dataclass(frozen=True)
class Tick:
    """What the engine does at this tick, and why."""

    quote_anchor: Annotated[Price, safe(1.0), sink(key=None, gate=None)]  # quotes are placed around it
    is_capped: bool  # the cap holds it
    anchor_error_bps: Bps  # the old column: the basis as far as the cap lets it be seen, AMM above CLOB positive
    basis: Bps  # how far apart the two prices really are
    baseline: Bps  # the part of it that lasts
    residual: Bps  # the part that is news
    warming: bool  # it is not trusted yet
    guard: Guard  # ACTIVE or IDLE, from the residual
    legacy: Guard  # the same from the capped basis: what it used to do
    session: SessionSummary  # so far; on the last tick of a session, its summary


@lane
def anchor_guard(
    clob_mid: Annotated[Price, feed("clob"), logged()],
    amm: Annotated[Price, feed("amm"), logged()],
    p: AnchorSystem = ANCHOR_FLAG048,
) -> Tick:
    """One tick of four seconds: place quotes from the capped price, guard from the uncapped one.

    Source   the dual-signal calibration of the CLOB/AMM anchor
    """
    placed = quote_anchor_cap(clob_mid, amm, p.cap)
    observed = residual_anchor(clob_mid, amm, p.control)
    session = session_summary(observed.basis, observed.residual, observed.baseline, observed.warming, p.summary)
    legacy = saturation_guard_legacy(placed.effective_bps, p.control.guard)
    return Tick(
        quote_anchor=placed.quote_anchor,
        is_capped=placed.is_capped,
        anchor_error_bps=placed.effective_bps,
        basis=observed.basis,
        baseline=observed.baseline,
        residual=observed.residual,
        warming=observed.warming,
        guard=observed.guard,
        legacy=legacy,
        session=session,
    )
