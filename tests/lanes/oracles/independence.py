"""Independence and attribution: each lane beside its reference function."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from dag.values.types import Value
from tests.lanes.oracle_kinds import Oracle, Row, one, pure
from tests.oracle import independence

SIX = range(6)


def matrix(r: Row, name: str) -> list[list[float]]:
    return [[r[f"{name}.{i}.{j}"] for j in SIX] for i in SIX]


def row(r: Row, name: str) -> list[float]:
    return [r[f"{name}.{i}"] for i in SIX]


def covariance(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state = independence.welford_start(7)
    for r in rows:
        state = independence.welford_cov(state, (*row(r, "signals"), r["target"]))
        n, _, sums = state
        found: dict[str, Value] = {f"signals.{i}.{j}": sums[i][j] / float(n) for i in SIX for j in SIX}
        found |= {f"target.{i}": sums[6][i] / float(n) for i in SIX}
        yield found | {"count": n, "variance": sums[6][6] / float(n)}


def correlations(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    past: independence.History = ()
    for r in rows:
        past = independence.signal_corr_push(past, [r[f"s{i}"] for i in SIX], r["win"])
        found = independence.signal_corr(past)
        yield {f"correlations.{i}.{j}": found[i][j] for i in SIX for j in SIX} | {"warm": len(past) >= r["min_n"]}


def attribution(r: Row) -> dict[str, Any]:
    phi, r2 = independence.shapley_r2(matrix(r, "covariances"), row(r, "with_target"), r["variance"])
    return {f"phi.{i}": part for i, part in enumerate(phi)} | {"r2": r2}


def effective(matrix: list[list[float]]) -> float:
    """The reference; infinity where it divides by zero, of squares that are all zero."""
    squares = any(each * each for row in matrix for each in row)
    return independence.effective_n(matrix) if squares else math.inf


ORACLES: dict[str, Oracle] = {
    "signal_corr": correlations,
    "effective_n": one("effective_n", lambda r: effective(matrix(r, "correlations"))),
    "is_degenerate": one(
        "is_degenerate", lambda r: independence.is_degenerate(matrix(r, "correlations"), r["a"], r["b"], r["thr"])
    ),
    "scarcity_premium": one(
        "scarcity_premium", lambda r: independence.scarcity_premium(r["eff"], r["nominal"], r["max_bps"])
    ),
    "welford_cov": covariance,
    "shapley_r2": pure(attribution),
}
