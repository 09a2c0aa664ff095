"""The market maker: each lane beside its reference function."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from dag.values.types import Value
from tests.lanes.oracle_kinds import Oracle, Row, named, one, pure
from tests.oracle import independence
from tests.oracle import market_maker as mm

REGIMES = ("calm", "normal", "volatile", "extreme")


def by_regime(r: Row, prefix: str = "") -> list[float]:
    return [r[prefix + regime] for regime in REGIMES]


def five(r: Row, name: str) -> list[float]:
    return [r[f"{name}.{level}"] for level in range(5)]


def swing(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    """A clock that steps back stands still: the reference is shown the latest time so far."""
    state = mm.NO_SWING
    latest = -math.inf
    for r in rows:
        latest = max(r["t"], latest)
        state, out = mm.position_swing_5m(state, r["pos"], latest, r["max_pos"], r["bucket_s"], r["buckets"])
        yield {"position_swing_5m": out}


def kill(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state = (0, 0.0)
    for r in rows:
        state, tripped = mm.kill_switch(state, r["pnl"], r["pos_value"], (r["loss"], r["dd"], r["pos"], r["min_peak"]))
        yield {"kill_switch": tripped}


def gamma_blend(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    g: float | None = None
    for r in rows:
        g = r["mult.normal"] if g is None else g
        g, (mult, blend) = mm.regime_gamma_blend(g, by_regime(r), by_regime(r, "mult."), r["floor"], r["alpha"])
        yield {"gamma_mult": mult, "blend": blend}


def label(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state = (mm.NORMAL, 0.0)
    for r in rows:
        state = mm.regime_label(
            state, by_regime(r), r["t"], r["margin"], r["kl_min"], r["to_ext"], r["from_ext"], r["up"], r["down"]
        )
        yield {"regime_label": state[0]}


def momentum(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state = (0.0, 0.0, False)
    for r in rows:
        state, out = mm.depth_momentum(state, r["log_ratio"], r["t"])
        yield {"depth_momentum": out}


def funding(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state = (0.0, False)
    for r in rows:
        state, skew = mm.funding_skew(state, r["rate"], r["gain"], r["max_skew"], r["alpha"], r["on"])
        yield {"funding_skew": skew}


def monitor(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state: mm.Counters = (0, 0, 0, 0, 0, 0)
    for r in rows:
        state, (ratio, empty_share) = mm.envelope_monitor(
            state, r["bid_t"] if r["has_bid"] else None, r["ask_t"] if r["has_ask"] else None, r["bid_ceil_t"],
            r["ask_floor_t"], r["generated"], r["placed"], r["over_capacity"],
        )  # fmt: skip
        yield {"ratio": ratio, "empty_share": empty_share, "bbo_violations": state[0], "cap_violations": state[1]}


def equal_shares(r: Row) -> dict[str, Any]:
    shares = mm.edge_attribution_equal(r["pnl_bps"], [r[f"active.{k}"] for k in range(6)])
    return {f"result.{k}": share for k, share in enumerate(shares)}


SIGNALS = ("lead_lag", "cross_venue", "book_shape", "funding_alpha")


def effective(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    past: independence.History = ()
    for r in rows:
        mask = [r[f"mask.use_{name}"] for name in SIGNALS]
        values, counts = mm.with_fallback([r[name] for name in SIGNALS], mask, r["mask.native_fallback"])
        past = independence.signal_corr_push(past, values, r["p.win"])
        yield {
            "effective": mm.effective_signals(past, counts), "nominal": sum(counts), "warm": len(past) >= r["p.min_n"],
        }  # fmt: skip


ORACLES: dict[str, Oracle] = {
    "vol_adj": one("vol_adj", lambda r: mm.vol_adj(r["rv"], r["baseline"], r["sens"])),
    "cap_prop_max_position": one(
        "cap_prop_max_position",
        lambda r: mm.cap_prop_max_position(
            r["capital"], r["rv"], r["mark"], r["budget"], r["min_usd"], r["vol.baseline"], r["vol.sens"], r["on"]
        ),
    ),
    "pre_eff_max_position": one(
        "pre_eff_max_position",
        lambda r: mm.pre_eff_max_position(r["margin_capacity"], r["configured"], r["capital_max"]),
    ),
    "position_swing_5m": swing,
    "swing_tier": one("swing_tier", lambda r: mm.swing_tier(r["swing"], r["widen"], r["reduce"], r["pull"]) if r["on"] else 0),
    "kill_limits": named(
        "loss dd pos min_peak",
        lambda r: mm.kill_limits(r["capital"], r["max_position_usd"], r["loss"], r["dd"], r["min_peak"]),
    ),
    "effective_signals": effective,
    "kill_switch": kill,
    "quoting_gate": one("quoting_gate", lambda r: r["killed"] == 0),
    "regime_gamma_blend": gamma_blend,
    "kl_uniform4": one("kl_uniform4", lambda r: mm.kl_uniform4(by_regime(r))),
    "regime_label": label,
    "regime_severity": one("regime_severity", lambda r: mm.regime_severity(by_regime(r), by_regime(r, "sev."))),
    "risk_features": named(
        "vol tox inv hawkes",
        lambda r: mm.risk_features(r["sigma"], r["sigma0"], r["tox"], r["pos"], r["max_pos"], r["activity_pct"]),
    ),
    "calibrated_gamma": one(
        "calibrated_gamma",
        lambda r: mm.calibrated_gamma(
            r["vol"], r["tox"], r["inv"], r["hawkes"], r["sev"], r["base"], r["bv"], r["bt"], r["bi"], r["bh"], r["br"],
            r["gmin"], r["gmax"],
        ),
    ),
    "quote_gamma": one("quote_gamma", lambda r: mm.quote_gamma(r["gamma"], r["mult"], r["gmin"], r["gmax"])),
    "depth_asymmetry": named(
        "ratio log_ratio ok", lambda r: mm.depth_asymmetry(five(r, "bid_sz"), five(r, "ask_sz"))
    ),
    "kappa_fit": one(
        "kappa_fit",
        lambda r: mm.kappa_fit(five(r, "px"), five(r, "sz"), r["mid"], r["prior"], r["kmin"], r["kmax"]),
    ),
    "kappa_asymmetry": one("kappa_asymmetry", lambda r: mm.kappa_asymmetry(r["kb"], r["ka"])),
    "depth_momentum": momentum,
    "funding_skew": funding,
    "oi_momentum": named(
        "direction widen", lambda r: mm.oi_momentum(r["d_oi"], r["d_px"], r["oi_eps"], r["px_eps"])
    ),
    "skew_sum": named(
        "skew count",
        lambda r: mm.skew_sum(
            *mm.with_fallback([r[name] for name in SIGNALS], [r[f"use_{name}"] for name in SIGNALS], r["native_fallback"])
        ),
    ),
    "margin_utilisation": one(
        "margin_utilisation", lambda r: mm.margin_utilisation(r["sev"], r["calm"], r["extreme"])
    ),
    "generation_envelope": named(
        "bid_ceil_t ask_floor_t bid_cap ask_cap bid_levels ask_levels empty",
        lambda r: mm.generation_envelope(
            r["bid_t"], r["ask_t"], r["stale_t"], (r["bid_pos"], r["bid_exch"], r["bid_margin"]),
            (r["ask_pos"], r["ask_exch"], r["ask_margin"]), r["configured"], r["quota"], r["bid_ok"], r["ask_ok"],
            r["min_size"], r["min_notional"], r["mid"],
        ),
    ),
    "envelope_monitor": monitor,
    "edge_attribution_equal": pure(equal_shares),
}  # fmt: skip
