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


ORACLES: dict[str, Oracle] = {
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
