"""The library's plain functions beside their references."""

from __future__ import annotations

from tests.lanes.oracle_kinds import Oracle, Row, named, one
from tests.oracle import gates, num, sums


def items(row: Row, name: str, count: int) -> list[float]:
    """A tuple's items, each of which is a port of its own."""
    return [row[f"{name}.{k}"] for k in range(count)]


def summary(count: int) -> Oracle:
    def of(row: Row) -> tuple[float, ...]:
        values = items(row, "x", count)
        return (sums.sum_seq(values), sums.sum_np(values), *sums.mean_std_np(values))

    return named("in_order by_columns mean deviation", of)


def ordered(values: list[float]) -> list[float] | None:
    """None where one has no place in an order."""
    return sorted(values) if all(value == value for value in values) else None


def percentile(values: list[float], q: float) -> float:
    return 0.0 if ordered(values) is None else sums.pct_linear(values, q)


ORACLES: dict[str, Oracle] = {
    "clamped": one("clamped", lambda r: num.clamp(r["x"], r["lo"], r["hi"])),
    "finite": one("finite", lambda r: num.isfin(r["x"] * 1e300)),
    "averaged": one(
        "averaged", lambda r: num.ema_step(r["previous"], r["x"], num.alpha_from_span(r["span"]), r["form"])
    ),
    "rounded": named(
        "to_6 to_12 to_whole quotient",
        lambda r: (num.py_round(r["x"], 6), num.py_round(r["x"], 12), num.rint_even(r["x"]), num.fdiv(r["x"], r["y"])),
    ),
    "summary_of_three": summary(3),
    "summary_of_twelve": summary(12),
    "percentile_of_three": one("percentile_of_three", lambda r: percentile(items(r, "x", 3), r["q"])),
    "percentile_of_twelve": one("percentile_of_twelve", lambda r: percentile(items(r, "x", 12), r["q"])),
    "in_order_of_three": named(
        "result.0 result.1 result.2", lambda r: tuple(ordered(items(r, "x", 3)) or (0.0, 0.0, 0.0))
    ),
    "picked_of_three": one(
        "picked_of_three",
        lambda r: gates.asset_pick(
            items(r, "scores", 3),
            items(r, "alignments", 3),
            [bool(kept) for kept in items(r, "kept", 3)],
            r["min_alignment"],
        ),
    ),
}
