"""`round_decimal` against CPython's `round`, bit for bit: ties and their neighbours, every magnitude, every special value."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from compile.campaign.drawing.special_values import SPECIAL_F64
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.operators.table import ABS, ADD, AND, DIV, EQ, GT, LT, MUL, OPS, RINT, SELECT, SUB
from dag.values.decimal_round import round_decimal
from dag.values.domain import whole_domain
from dag.values.types import F64
from dag.values.words import words_of_column

Floats = NDArray[np.float64]
CASES = 24_000

#: The ops that rounding is made of, over columns: numpy's are the same IEEE operations, as the first test shows.
OVER_COLUMNS: dict[Op, Callable[..., Any]] = {
    ADD: np.add, SUB: np.subtract, MUL: np.multiply, DIV: np.divide, ABS: np.abs, RINT: np.rint,
    LT: np.less, GT: np.greater, EQ: np.equal, AND: np.logical_and, SELECT: np.where,
}  # fmt: skip


def rounding(digits: int, unit: str = "px") -> Graph:
    builder = GraphBuilder("rounding")
    x = builder.input("x", F64, unit, whole_domain(F64))
    builder.output("rounded", round_decimal(builder, x, digits), 0.0)
    return builder.freeze()


def over_columns(graph: Graph, x: Floats) -> Floats:
    values: list[Any] = []
    with np.errstate(all="ignore"):
        for node, op in enumerate(graph.ops):
            args = (values[arg] for arg in graph.args[node])
            constant = graph.constants[node]
            if isinstance(op, Op):
                values.append(OVER_COLUMNS[op](*args))
            else:
                values.append(x if constant is None else np.float64(constant))
    rounded: Floats = values[graph.outputs[0].node]
    return rounded


def by_meaning(graph: Graph, x: float) -> float:
    values: list[float] = []
    for node, op in enumerate(graph.ops):
        constant = graph.constants[node]
        if isinstance(op, Op):
            values.append(op.meaning(*(values[arg] for arg in graph.args[node])))
        else:
            values.append(x if constant is None else float(constant))
    return values[graph.outputs[0].node]


def hard_cases(digits: int) -> Floats:
    """Decimal ties and exact binary ties with their neighbours, the edges of each range, bit patterns, special values."""
    rng = np.random.default_rng(digits)
    scale = 10.0**digits
    magnitude = 10.0 ** rng.uniform(0.0, 15.9, CASES // 4)
    decimal_ties = (np.floor(rng.random(CASES // 4) * magnitude) + 0.5) / scale
    binary_ties = (2.0 * rng.integers(-(1 << 20), 1 << 20, CASES // 8) + 1.0) * 0.5 ** (digits + 1)
    edges = np.array([2.0**k for k in (50, 51, 52, 53, 54)]) / scale
    near = np.concatenate([decimal_ties, -decimal_ties, binary_ties, edges, -edges])
    neighbours = [near]
    for toward in (np.inf, -np.inf):
        step = near
        for _ in range(3):
            step = np.nextafter(step, toward)
            neighbours.append(step)
    patterns = rng.integers(0, 1 << 64, CASES // 4, dtype=np.uint64, endpoint=False).view(np.float64)
    special = np.array([s * f for s in SPECIAL_F64 for f in (1.0, 1.0 / scale)])
    ordinary = rng.normal(size=CASES // 4) * 10.0 ** rng.integers(-8, 9, CASES // 4)
    return np.concatenate([*neighbours, patterns, special, ordinary])


def cpython(x: Floats, digits: int) -> Floats:
    return np.array([round(value, digits) if math.isfinite(value) else value for value in x.tolist()])


@pytest.mark.parametrize("digits", range(13))
def test_equal_to_cpython_for_every_double(digits: int) -> None:
    x = hard_cases(digits)
    assert x.size > 50_000
    got, expected = words_of_column(over_columns(rounding(digits), x), F64), words_of_column(cpython(x, digits), F64)
    differs = np.flatnonzero(got != expected)
    assert not differs.size, [(x[k].hex(), round(float(x[k]), digits)) for k in differs[:5]]


@pytest.mark.parametrize("digits", [0, 2, 6, 12])
def test_the_meanings_of_the_ops_agree_with_the_columns(digits: int) -> None:
    graph = rounding(digits)
    x = np.random.default_rng(99).permutation(hard_cases(digits))[:3000]
    row = np.array([by_meaning(graph, value) for value in x.tolist()])
    np.testing.assert_array_equal(words_of_column(row, F64), words_of_column(over_columns(graph, x), F64))


def test_the_cases_defeat_naive_rounding() -> None:
    """The plain recipe fails them, so passing them says something."""
    for digits in (1, 6, 12):
        x = hard_cases(digits)
        with np.errstate(all="ignore"):
            plain = np.rint(x * 10.0**digits) / 10.0**digits
        wrong = words_of_column(plain, F64) != words_of_column(cpython(x, digits), F64)
        assert np.count_nonzero(wrong & (np.abs(x) < 2.0**53 / 10.0**digits)) > 100


@pytest.mark.parametrize(("digits", "most"), [(0, 25), (11, 25), (12, 29)])
def test_it_takes_no_more_operations_than_promised(digits: int, most: int) -> None:
    counts = Counter(op.name for op in rounding(digits).ops if isinstance(op, Op))
    assert sum(counts.values()) <= most, counts
    assert set(counts) <= set(OPS)


def test_round_keeps_the_unit() -> None:
    graph = rounding(3, "usd / px")
    assert graph.units[graph.outputs[0].node] == graph.units[graph.inputs[0].node] == "usd / px"


@pytest.mark.parametrize("digits", [-1, 13])
def test_other_digits_are_refused(digits: int) -> None:
    with pytest.raises(ValueError, match=rf"round\(x, {digits}\): the digits are a literal from 0 to 12"):
        rounding(digits)
