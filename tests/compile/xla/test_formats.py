"""binary32, fused multiply-add, floor division and flushing on XLA: 100,000 rows an operator against its meaning.

The operands are special values, numbers of all magnitudes, random patterns and numbers beside the ties of binary32; a third
operand often all but cancels the product of the other two.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from compile.backend import Batch
from compile.campaign.drawing.special_values import special_column
from compile.xla.emit import emit
from compile.xla.program import Program
from compile.xla.selftest.canary import _FORMATS
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.op import AnyType, Op
from dag.operators.table import FOLDS
from dag.values.domain import whole_domain
from dag.values.types import F32, F64, I64, Kind, Type
from dag.values.words import Column, column_dtype, column_of_words
from tests.support.kernel_comparison import compared

ROWS = 100_000


def by_operands() -> dict[tuple[Type, ...], list[Op]]:
    found: dict[tuple[Type, ...], list[Op]] = defaultdict(list)
    for op in sorted({*_FORMATS} - {*FOLDS}, key=str):
        types = tuple(each for each in op.takes if isinstance(each, Type))
        assert not any(isinstance(each, AnyType | Kind) for each in op.takes), op
        found[types].append(op)
    return found


BY_OPERANDS = by_operands()


def graph_of(types: tuple[Type, ...]) -> Graph:
    builder = GraphBuilder("formats")
    operands = tuple(builder.input(f"x{k}", type_, "1", whole_domain(type_)) for k, type_ in enumerate(types))
    for op in BY_OPERANDS[types]:
        builder.tap(f"result_{op}", builder.op(op, operands))
    return builder.freeze()


def columns(types: tuple[Type, ...]) -> dict[str, Column]:
    rng = np.random.default_rng(7)
    found: list[Column] = []
    for type_ in types:
        special = special_column(rng, type_, (1, ROWS))
        patterns = column_of_words(rng.integers(0, 1 << 64, (1, ROWS), dtype=np.uint64), type_)
        drawn = np.where(rng.random((1, ROWS)) < 0.5, special, patterns).astype(column_dtype(type_))
        if type_ in (F64, I64):
            drawn = np.where(rng.random((1, ROWS)) < 0.3, beside_ties(rng, type_), drawn)
        found.append(drawn)
    if len(types) == 3:
        with np.errstate(all="ignore"):
            cancelling = -(found[0] * found[1])
            nudged = np.nextafter(cancelling, rng.choice([-np.inf, np.inf], (1, ROWS)).astype(cancelling.dtype))
            close = np.where(rng.random((1, ROWS)) < 0.5, cancelling, nudged)
        found[2] = np.where(rng.random((1, ROWS)) < 0.4, close, found[2])
    return {f"x{k}": column for k, column in enumerate(found)}


def beside_ties(rng: np.random.Generator, type_: Type) -> Column:
    """Numbers half-way between two of binary32, and those next to them."""
    odd = rng.integers(1 << 24, 1 << 25, (1, ROWS)) | 1
    nudge = rng.integers(-1, 2, (1, ROWS))
    if type_ == I64:
        return (odd << rng.integers(0, 39, (1, ROWS))) + nudge
    halves = np.ldexp(odd.astype(np.float64), rng.integers(-170, 104, (1, ROWS)))
    return (halves.view(np.int64) + nudge).view(np.float64)


@pytest.mark.parametrize("types", BY_OPERANDS, ids=lambda types: "-".join(map(str, types)))
def test_random_rows_have_the_words_of_the_meaning(types: tuple[Type, ...]) -> None:
    graph = graph_of(types)
    nodes = [graph.node(f"result_{op}") for op in BY_OPERANDS[types]]
    batch = Batch(columns(types), {}, None, 1, ROWS)
    judged, wrong, _ = compared(graph, Program.from_files(emit(graph)), batch, nodes)
    assert wrong == 0
    rows = judged / len(nodes)
    assert rows == ROWS or (F64 in types and rows > 0.5 * ROWS), "only subnormals of f64 are ever flagged"


def test_the_operators_are_there() -> None:
    assert sum(map(len, BY_OPERANDS.values())) == len({*_FORMATS} - {*FOLDS}) == 33
    assert len(BY_OPERANDS[F32, F32]) == 12
