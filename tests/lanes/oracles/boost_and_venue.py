"""Sizing after composition: each lane beside its reference function."""

from __future__ import annotations

from tests.lanes.oracle_kinds import Oracle, named, one
from tests.oracle import boost_and_venue

ORACLES: dict[str, Oracle] = {
    "adaptive_boost": named(
        "lev notional scale",
        lambda r: boost_and_venue.adaptive_boost(
            r["lev"], r["notional"], r["prank"], r["day_beta"],
            r["threshold"], r["alpha"], r["adaptive_beta"], r["lev_cap"], r["reclamp"],
        ),
    ),
    "exch_lev_cubic3": one(
        "exch_lev_cubic3", lambda r: boost_and_venue.exch_lev_cubic3(r["lev"], r["cap"], r["src_lo"], r["src_hi"])
    ),
    "margin_fit": named("margin util fits", lambda r: boost_and_venue.margin_fit(r["notional"], r["capital"], r["x"])),
}  # fmt: skip
