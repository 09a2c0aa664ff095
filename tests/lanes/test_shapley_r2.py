"""The Shapley split for other numbers of signals than six, over covariances that are singular, scaled, or none at all.

Factorisations are shared between coalitions; the reference does each on its own. Both leave out dependent columns, and which
these are depends on the data: every share of kept columns is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from compile.backend import Batch
from compile.pipeline import prepare
from dag import lane
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from dag.trace import trace
from dag.values.types import Value
from lanes.independence import shapley_r2, shapley_split
from tests.lanes.expected import Expected, expected
from tests.lanes.held import assert_words, words_in
from tests.lanes.oracle_kinds import Row
from tests.oracle import independence
from tests.support.backends import backend_or_skip
from tests.support.software import SOFTWARE
from tests.support.tiers import only_rows

F: TypeAlias = float
R2: TypeAlias = tuple[F, F]
R3: TypeAlias = tuple[F, F, F]
R4: TypeAlias = tuple[F, F, F, F]
R5: TypeAlias = tuple[F, F, F, F, F]
R9: TypeAlias = tuple[F, F, F, F, F, F, F, F, F]


@lane(taps=False)
def two(c: tuple[R2, R2], y: R2, v: F) -> tuple[R2, F]:
    (a, b), r2 = shapley_split(c, y, v)
    return (a, b), r2


@lane(taps=False)
def three(c: tuple[R3, R3, R3], y: R3, v: F) -> tuple[R3, F]:
    (a, b, d), r2 = shapley_split(c, y, v)
    return (a, b, d), r2


@lane(taps=False)
def four(c: tuple[R4, R4, R4, R4], y: R4, v: F) -> tuple[R4, F]:
    (a, b, d, e), r2 = shapley_split(c, y, v)
    return (a, b, d, e), r2


@lane(taps=False)
def five(c: tuple[R5, R5, R5, R5, R5], y: R5, v: F) -> tuple[R5, F]:
    (a, b, d, e, f), r2 = shapley_split(c, y, v)
    return (a, b, d, e, f), r2


@lane(taps=False)
def nine(c: tuple[R9, R9, R9, R9, R9, R9, R9, R9, R9], y: R9, v: F) -> tuple[R9, F]:
    (a, b, d, e, f, g, h, i, j), r2 = shapley_split(c, y, v)
    return (a, b, d, e, f, g, h, i, j), r2


LANES: dict[int, AnyLane] = {2: two, 3: three, 4: four, 5: five, 6: shapley_r2, 9: nine}
ROWS = {2: 1_000, 3: 1_000, 4: 1_000, 5: 500, 6: 500, 9: 40}
#: Six signals are in the test of all lanes as well, XLA and all; nine take XLA minutes.
#: The C of nine signals is one function of 17,253 statements, on which gcc works for minutes.
CASES = [(n, which) for n in ROWS for which in SOFTWARE if n < 6 or which == "interpreter" or (n, which) == (6, "c")]
Floats: TypeAlias = NDArray[np.float64]


@cache
def graph_of(n: int) -> Graph:
    return prepare(trace(LANES[n]))


def names_of(n: int) -> tuple[str, str, str]:
    return ("covariances", "with_target", "variance") if n == 6 else ("c", "y", "v")


def covariances(n: int, rows: int) -> tuple[Floats, Floats, Floats]:
    """Sums of products of few observations, with columns that repeat, vanish, nearly repeat, and matrices that are none."""
    rng = np.random.default_rng(n)
    seen = rng.integers(-4, 5, (rows, rng.integers(2, 3 * n), n + 1)).astype(np.float64)
    for row in range(rows):
        kind = row % 6
        column, other = rng.integers(0, n, 2)
        if kind == 1:
            seen[row, :, column] = seen[row, :, other]
        elif kind == 2:
            seen[row, :, column] = 0.0
        elif kind == 3:
            seen[row, :, column] = seen[row, :, other] * (1.0 + rng.choice([1e-15, 3e-7, 1e-6, 1e-5]))
        elif kind == 4:
            seen[row] *= 10.0 ** rng.integers(-150, 150)
    c = np.einsum("rti,rtj->rij", seen, seen)
    wild = np.arange(rows) % 6 == 5
    c[wild] = rng.choice([0.0, -0.0, 1.0, -1.0, 1e-300, 1e300, 5e-324, 0.5, -2.0], c[wild].shape)
    return c[:, :n, :n], c[:, n, :n], c[:, n, n]


@cache
def batch_of(n: int) -> Batch:
    matrix, row, scalar = names_of(n)
    c, y, v = covariances(n, ROWS[n])
    columns = {f"{matrix}.{i}.{j}": c[:, i, j] for i in range(n) for j in range(n)}
    columns |= {f"{row}.{i}": y[:, i] for i in range(n)} | {scalar: np.where(v < 0.0, 0.0, v)}
    return Batch({name: column.reshape(-1, 1) for name, column in columns.items()}, {}, None, ROWS[n], 1)


def reference(n: int, rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    matrix, row, scalar = names_of(n)
    part, whole = ("phi", "r2") if n == 6 else ("result.0", "result.1")
    for r in rows:
        c = [[r[f"{matrix}.{i}.{j}"] for j in range(n)] for i in range(n)]
        phi, r2 = independence.shapley_r2(c, [r[f"{row}.{i}"] for i in range(n)], r[scalar])
        yield {whole: r2} | {f"{part}.{i}": each for i, each in enumerate(phi)}


@cache
def wanted(n: int) -> Expected:
    return expected(graph_of(n), lambda rows: reference(n, rows), batch_of(n))


@pytest.mark.parametrize(("n", "which"), only_rows(CASES, lambda case: case[0] < 9))
def test_shared_factorisations_are_the_reference_bit_for_bit(n: int, which: str) -> None:
    graph, batch = graph_of(n), batch_of(n)
    backend = backend_or_skip(which)
    assert_words(graph, batch, wanted(n), words_in(graph, backend.load(graph, backend.lower(graph)), batch), which)


@pytest.mark.parametrize("n", [2, 4, 6])
def test_the_rows_keep_and_leave_out_columns(n: int) -> None:
    c, _, _ = covariances(n, ROWS[n])
    tame = c[(abs(c) < 1e10).all(axis=(1, 2))]
    kept = np.linalg.matrix_rank(tame)
    assert (kept == n).any()
    assert (kept < n).mean() > 0.1


@pytest.mark.parametrize(("n", "nodes"), only_rows([(6, 1981), (9, 17253)], lambda case: case[0] < 9))
def test_the_graph_has_the_documented_number_of_nodes(n: int, nodes: int) -> None:
    assert len(graph_of(n)) == nodes
