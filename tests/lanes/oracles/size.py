"""Sizing: each lane beside its reference function."""

from __future__ import annotations

from tests.lanes.oracle_kinds import Oracle, named, one
from tests.oracle import size

ORACLES: dict[str, Oracle] = {
    "base_cubic_sizer": named(
        "lev fraction s c",
        lambda r: size.base_cubic_sizer(r["vel_div"], r["hi"], r["thr"], r["ext"], r["lo"], r["convexity"], r["fraction"]),
    ),
    "dc_lev_mult": named(
        "mult skip",
        lambda r: size.dc_lev_mult(r["status"], r["boost"], r["reduce"], r["skip_contradicts"], r["use_reduce"]),
    ),
    "acb_boost": named(
        "boost day_beta",
        lambda r: size.acb_boost(
            r["signals"], r["w750"], r["w750_split"], r["c"], r["gain"], r["beta_hi"], r["beta_lo"], r["beta_in_boost"]
        ),
    ),
    "mc_scale": named("scale halt", lambda r: size.mc_scale(r["status"], r["ok"], r["orange"], r["red"])),
    "regime_size_mult": one("regime_size_mult", lambda r: size.regime_size_mult(r["acb"], r["meta"], r["mc"])),
    "market_ob_mult": named(
        "mult eff",
        lambda r: size.market_ob_mult(
            r["imb"], r["agree"], r["side"], r["imb_thr"], r["agree_thr"], r["up"], r["down"], r["shape"]
        ),
    ),
    "esof_mult": one(
        "esof_mult",
        lambda r: size.esof_mult(
            r["score"], r["present"], r["fresh"], r["weight"], r["neutral"], r["unfav"], r["stale_fb"], r["edge"]
        ),
    ),
    "esof_haircut_post": named(
        "lev notional applied", lambda r: size.esof_haircut_post(r["lev"], r["notional"], r["mult"], r["near1"])
    ),
    "hazard_base_max": one(
        "hazard_base_max",
        lambda r: size.hazard_base_max(
            r["hazard"], r["soft_cap"] if r["has_soft_cap"] else None, r["floor"], r["default_ceiling"]
        ),
    ),
    "mc_ref_view": named("base_max sizer_max abs_max", lambda r: size.mc_ref_view(r["mc_ref"])),
    "lev_compose": named(
        "lev raw cap",
        lambda r: size.lev_compose(
            r["base"], r["dc"], r["regime"], r["ob"], r["esof"], r["posture"], r["base_max"], r["abs_max"],
            r["stalker_cap"], r["lo"], r["esof_in"], r["stalker_on"], r["floor_on"],
        ),
    ),
    "notional": named("notional wallet_mult", lambda r: size.notional(r["capital"], r["lev"], r["fraction"])),
    "exch_lev_linear": one("exch_lev_linear", lambda r: size.exch_lev_linear(r["lev"], r["cap"], r["src_lo"], r["src_hi"])),
}  # fmt: skip
