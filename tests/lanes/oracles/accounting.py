"""Accounting: each lane beside its reference function."""

from __future__ import annotations

from collections.abc import Iterator

from dag.values.types import Value
from tests.lanes.oracle_kinds import Oracle, Row, named, one
from tests.oracle import accounting

LEDGER = ("eq", "peak", "maxdd", "gross_profit", "gross_loss", "wins", "trades")


def ledgers(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state: accounting.Account | None = None
    for r in rows:
        state = accounting.equity(accounting.account(r["c0"]) if state is None else state, r["pnl"])
        yield dict(zip(LEDGER, state, strict=True))


def ratios(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state: accounting.Welford = (0, 0.0, 0.0)
    for r in rows:
        state = accounting.sharpe_step(state, r["r"])
        yield {"sharpe": accounting.sharpe(state, r["per_year"])}


def tail(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state = (0, 0)
    for r in rows:
        state, (ratio, share) = accounting.factor_tail_probe(state, r["recorded"], r["base"], r["thr"])
        yield {"ratio": ratio, "share": share}


def dedup(r: Row) -> tuple[bool, bool]:
    return accounting.emission_dedup({7: r["last_pnl"]} if r["known"] else {}, 7, r["pnl"])[1]


def counted(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    seen: list[tuple[bool, int, bool, float, bool, int]] = []
    names = ("take_profits", "max_holds", "stops", "hibernations", "ob_tails")
    for r in rows:
        seen.append((r["closed"], r["reason"], r["opened"], r["lev"], r["new_day"], r["status"]))
        exits, entries, mean, days, orange, red = accounting.engine_counters(seen)
        yield dict(zip(names, exits, strict=True)) | {
            "entries": entries, "mean_lev": mean, "days": days, "orange_days": orange, "red_days": red,
        }  # fmt: skip


def totalled(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    today: list[tuple[bool, bool, bool, float]] = []
    for r in rows:
        today = [] if r["new_day"] else today
        today.append((r["new_day"], r["opened"], r["closed"], r["pnl"]))
        yield dict(zip(("bars", "entries", "trades", "pnl"), accounting.day_totals(today), strict=True))


ORACLES: dict[str, Oracle] = {
    "day_totals": totalled,
    "engine_counters": counted,
    "equity": ledgers,
    "perf_summary": named(
        "roi maxdd_pct calmar profit_factor win_rate",
        lambda r: accounting.perf_summary(
            (r["eq"], r["peak"], r["maxdd"], r["gross_profit"], r["gross_loss"], r["wins"], r["trades"]), r["c0"]
        ),
    ),
    "sharpe": ratios,
    "emission_dedup": named("keep conflict", dedup),
    "artifact_filter": one("artifact_filter", lambda r: accounting.artifact_filter(r["reason"], r["bars_held"])),
    "factor_tail_probe": tail,
}
