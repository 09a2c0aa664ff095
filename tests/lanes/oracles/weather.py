"""The weather bot: each lane beside its reference function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dag.values.types import Value
from tests.lanes.oracle_kinds import Oracle, Row, named, one
from tests.oracle import weather
from tests.oracle.num import NAN

FAMILIES = ("lax", "mia", "ny", "aus", "chi", "den")


def optional(row: Row, name: str) -> Any:
    """The value, or None where it is not present."""
    return row[name] if row[f"{name}_present"] else None


def metar(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state: weather.Metar = (0, 0.0, False)
    for r in rows:
        state, (live, shadow) = weather.metar_channel(
            state, r["day"], optional(r, "temp"), r["blended"], r["blended_sigma"], optional(r, "rmse"),
            r["only_running"], r["fallback"],
        )  # fmt: skip
        yield dict(zip(("live_mu", "live_sigma", "shadow_mu", "shadow_sigma"), (*live, *shadow), strict=True))


def stash(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state: weather.Stash = (NAN, False)
    for r in rows:
        state, out = weather.stash_once(state, (r["put"], r["put_present"]), r["take"])
        yield {"value": out[0], "present": out[1]}


def brier(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state = (0, 0.0)
    for r in rows:
        state, score = weather.brier(state, r["p"], r["outcome"])
        yield {"brier": score}


def residual(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    kept: tuple[float, ...] = ()
    for r in rows:
        kept, (rmse, warm) = weather.sigma_residual_rmse(kept, r["actual"], r["pred"], r["win"], r["min_n"])
        yield {"rmse": rmse, "warm": warm}


def posted(row: Row) -> bool:
    table = {1: (0, 0.0)} if row["known"] else {}
    return weather.posted_orders(table, 1 if row["order_id_present"] else None, 0 if row["tag_present"] else None, 0.0)[
        1
    ]


def backfilled(row: Row) -> tuple[Value, ...]:
    stored = (row["revenue"], row["profit"], row["won"])
    new, changed = weather.backfill_settlement(stored, row["yes"], row["no"], row["result"], row["cost"], row["fees"])
    return (*new, changed)


def combined(row: Row) -> tuple[Value, ...]:
    mu, sigma, use = ([row[f"{name}.{k}"] for k in range(3)] for name in ("mu", "sigma", "use"))
    return weather.combine_gaussian(mu, sigma, use, row["dispersion"])


ORACLES: dict[str, Oracle] = {
    "settlement_revenue_cents": one(
        "settlement_revenue_cents", lambda r: weather.settlement_revenue_cents(r["yes"], r["no"], r["result"])
    ),
    "settlement_profit_cents": named(
        "profit won mismatch",
        lambda r: weather.settlement_profit_cents(
            r["yes"], r["no"], r["result"], r["cost"], r["fees"], optional(r, "reported")
        ),
    ),
    "sigma_floor": one(
        "sigma_floor",
        lambda r: weather.sigma_floor(
            r["sigma"], FAMILIES[r["family"]], {name: r[name] for name in FAMILIES}, r["physical"]
        ),
    ),
    "combine_three_gaussians": named("mu sigma n", combined),
    "bracket_edges": named("lo hi", lambda r: weather.bracket_edges(r["label_mid"])),
    "bracket_prob": one(
        "bracket_prob", lambda r: weather.bracket_prob(r["mu"], r["sigma"], r["lo"], r["hi"], r["p_floor"])
    ),
    "conviction_gate": one(
        "conviction_gate",
        lambda r: weather.conviction_gate(r["p_yes"], r["yes_ask"], r["no_ask"], r["thr"], r["min_edge"]),
    ),
    "family_live": one(
        "family_live",
        lambda r: weather.family_live(
            r["blocked"], r["env_on"], r["kv_value"], r["kv_expires"], r["kv_present"], r["now"]
        ),
    ),
    "metar_channel": metar,
    "stash_once": stash,
    "brier": brier,
    "sigma_residual_rmse": residual,
    "drift_alert": one(
        "drift_alert", lambda r: weather.drift_alert(r["source"], r["t"], optional(r, "last_post"), r["window"])
    ),
    "fill_source_tagger": one(
        "fill_source_tagger",
        lambda r: weather.fill_source_tagger(optional(r, "payload_tag"), optional(r, "posted_tag")),
    ),
    "posted_orders": one("posted_orders", posted),
    "backfill_source": one(
        "backfill_source",
        lambda r: weather.backfill_source(
            r["tag"],
            r["t"],
            r["side_yes"],
            r["price_cents"],
            optional(r, "t_dec"),
            optional(r, "t_no_entry"),
            r["near"],
            r["exit_price"],
            r["exit_after"],
        ),
    ),
    "backfill_settlement": named("revenue profit won changed", backfilled),
    "fast_path_sigma": one(
        "fast_path_sigma", lambda r: weather.fast_path_sigma(r["sigma"], r["past_peak"], r["locked"])
    ),
}
