"""The anchor basis: each lane beside its reference function."""

from __future__ import annotations

from collections.abc import Iterator

from dag.values.types import Value
from tests.lanes.oracle_kinds import Oracle, Row, named, one
from tests.oracle import anchor, distrack


def baseline(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state: anchor.State = (0.0, 0, False)
    for r in rows:
        state, level = anchor.basis_baseline(state, r["basis"], r["span"], r["form"])
        yield {"baseline": level, "count": state[1]}


def warmup(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state = anchor.WARMING
    for r in rows:
        state = (False, 0, 0) if r["restored"] else state
        state, warming = anchor.anchor_warmup(state, r["residual"], r["warmup_ticks"], r["stable_bps"], r["stable_n"])
        yield {"anchor_warmup": warming}


def restore(r: Row) -> dict[str, Value]:
    (level, count, seeded), (warming, *_), mode, warn = anchor.baseline_restore(
        r["level"] if r["has_level"] else None,
        r["count"] if r["has_count"] else None,
        r["closed_at"] if r["has_closed_at"] else None,
        r["now"],
        r["max_age"],
    )
    return {"baseline": level, "updates": count, "seeded": seeded, "warming": warming, "mode": mode, "warn": warn}


def guard(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state = anchor.QUIET
    for r in rows:
        legacy = "effective_bps" in r
        residual, warming = (r["effective_bps"], False) if legacy else (r["residual"], r["warming"])
        state, out = anchor.residual_guard(
            state, residual, warming, r["lookback"], r["entry_bps"], r["sample_bps"], r["prevalence"],
            r["exit_bps"], r["exit_hold"],
        )  # fmt: skip
        yield dict(zip(("mode", "event", "mean", "prev"), out, strict=True))


def session_start(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    """Without a restore in between no session begins with a baseline."""
    for _ in rows:
        yield {"session_start": False}


def control_path(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    slow, warm, guard = anchor.COLD, anchor.WARMING, anchor.QUIET
    for r in rows:
        basis = anchor.structural_basis_bps(r["clob_mid"], r["amm"], r["observed.basis.sign"])
        slow, level = anchor.basis_baseline(slow, basis, r["observed.baseline.span"], r["observed.baseline.form"])
        residual = anchor.residual_distortion_bps(basis, level)
        warm, warming = anchor.anchor_warmup(
            warm, residual, r["warmup.warmup_ticks"], r["warmup.stable_bps"], r["warmup.stable_n"]
        )
        guard, out = anchor.residual_guard(
            guard, residual, warming, r["guard.lookback"], r["guard.entry_bps"], r["guard.sample_bps"],
            r["guard.prevalence"], r["guard.exit_bps"], r["guard.exit_hold"],
        )  # fmt: skip
        found: dict[str, Value] = dict(zip(("guard.mode", "guard.event", "guard.mean", "guard.prev"), out, strict=True))
        yield found | {"basis": basis, "baseline": level, "count": slow[1], "residual": residual, "warming": warming}


def sessions(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    seen: list[tuple[float, float, bool]] = []
    markers: distrack.Markers = distrack.MARKERS
    for r in rows:
        seen.append((r["basis"], r["residual"], r["warming"]))
        markers, middle = distrack.p2_quantile(markers, r["basis"], 0.5)
        mean, spread, r_mean, above, largest = anchor.session_summary(seen, r["floor_bps"])
        yield {
            "samples": len(seen), "warmup_ticks": sum(warming for *_, warming in seen), "baseline": r["baseline"],
            "b_mean": mean, "b_median": middle, "b_range": spread, "r_mean": r_mean, "r_above": above, "r_max": largest,
        }  # fmt: skip


ORACLES: dict[str, Oracle] = {
    "quote_anchor_cap": named(
        "quote_anchor is_capped effective_bps raw_bps",
        lambda r: anchor.quote_anchor_cap(r["clob_mid"], r["amm"], r["cap_bps"]),
    ),
    "structural_basis_bps": one(
        "structural_basis_bps", lambda r: anchor.structural_basis_bps(r["clob_mid"], r["amm"], r["sign"])
    ),
    "basis_baseline": baseline,
    "residual_distortion_bps": one(
        "residual_distortion_bps", lambda r: anchor.residual_distortion_bps(r["basis"], r["baseline"])
    ),
    "anchor_warmup": warmup,
    "baseline_restore": lambda rows: map(restore, rows),
    "session_start": session_start,
    "session_summary": sessions,
    "residual_guard": guard,
    "saturation_guard_legacy": guard,
    "residual_anchor": control_path,
    "anchor_summary": named(
        "b_mean b_median b_range r_mean r_above r_max",
        lambda r: anchor.anchor_summary(
            [r[f"basis.{k}"] for k in range(20)], [r[f"residual.{k}"] for k in range(20)], r["floor_bps"]
        ),
    ),
}
