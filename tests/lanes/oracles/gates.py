"""Gates, and the episodes of a signal: each lane beside its reference function."""

from __future__ import annotations

from collections.abc import Iterator

from dag.values.types import Value
from tests.lanes.oracle_kinds import Oracle, Row, named, one
from tests.oracle import gates


def episodes(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state: gates.Episode = (False, -1, 0, 0)
    for r in rows:
        state, (is_new, episode, length) = gates.sticky_episode(state, r["enter"], r["asset"])
        yield {"is_new": is_new, "episode": episode, "length": length}


ORACLES: dict[str, Oracle] = {
    "vol_regime_gate": one(
        "vol_regime_gate", lambda r: gates.vol_regime_gate(r["dvol"], r["bar"], r["p60"], r["wired"], r["fallback_bar"])
    ),
    "stablecoin_filter": one("stablecoin_filter", lambda r: gates.stablecoin_filter(r["asset_id"], r["excluded"])),
    "irp_gate": one("irp_gate", lambda r: gates.irp_gate(r["align"], r["min_alignment"])),
    "ob_edge_gate": one(
        "ob_edge_gate",
        lambda r: gates.ob_edge_gate(r["edge_bps"], r["confirm_rate"], r["on"], r["min_edge"], r["min_confirm"]),
    ),
    "proxy_b": one("proxy_b", lambda r: gates.proxy_b(r["instability_50"], r["v750"])),
    "entry_gate": named(
        "enter mask",
        lambda r: gates.entry_gate(
            r["row"], r["vd"], r["vol"], r["dc_ok"], r["irp"], r["ob"], r["stable"], r["mc_ok"], r["slot_free"]
        ),
    ),
    "sticky_episode": episodes,
}
