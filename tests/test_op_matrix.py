"""Every op on every backend over every special value and every pair of them: the same 64-bit words as its meaning.

Ops that take the same types share one graph, so that a backend compiles a handful of graphs and not one for each op.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import pytest

from compile.backend import Backend, Batch, Refusal, Result
from compile.campaign.drawing.pen import SIDE
from compile.campaign.drawing.random_graph import SAFE
from compile.campaign.drawing.special_values import SPECIAL_F32, SPECIAL_F64, SPECIAL_I32, SPECIAL_I64
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.op import AnyType, Op, Signature
from dag.operators.table import AS_UNIT, ON_ARRAYS, OPS
from dag.values.domain import whole_domain
from dag.values.types import BOOL, F32, F64, I32, I64, Kind, Type, Value
from dag.values.words import Column, column_dtype, words_of_column
from tests.support.backends import BACKENDS, backend_or_skip

SPECIAL: dict[Type, tuple[Value, ...]] = {
    F64: SPECIAL_F64,
    F32: SPECIAL_F32,
    I64: SPECIAL_I64,
    I32: SPECIAL_I32,
    BOOL: (False, True),
    SIDE: (-1, 0, 1),
}
#: A name for each case: the op, and the type its `T` stands for.
Case = tuple[str, tuple[Type, ...]]


def cases() -> list[Case]:
    found: list[Case] = []
    for op in (each for each in OPS.values() if each not in ON_ARRAYS):  # those: tests/test_carried_arrays.py
        for any_type in SPECIAL if AnyType.T in op.takes else (F64,):
            found.append((op.name, tuple(_concrete(wanted, any_type) for wanted in op.takes)))
    return found


def _concrete(wanted: Signature, any_type: Type) -> Type:
    return wanted if isinstance(wanted, Type) else SIDE if wanted is Kind.ENUM else any_type


def title(case: Case) -> str:
    op, types = case
    return f"{op}-{types[-1].kind.value}" if AnyType.T in OPS[op].takes else op


CASES = cases()
SIGNATURES = list(dict.fromkeys(types for _, types in CASES))


def ops_of(signature: tuple[Type, ...]) -> list[Op]:
    return [OPS[name] for name, types in CASES if types == signature]


@cache
def graph_of(signature: tuple[Type, ...], backend: str) -> Graph:
    """All ops of one signature that `backend` lowers, on the same operands; every result is an output."""
    name = "_".join(type_.kind.value for type_ in signature)
    builder = GraphBuilder(f"ops_on_{name}")
    operands = tuple(builder.input(f"x{k}", type_, "1", whole_domain(type_)) for k, type_ in enumerate(signature))
    for op in ops_of(signature):
        if not isinstance(BACKENDS[backend].table[op], Refusal):
            node = builder.op(op, operands, unit="1" if op is AS_UNIT else None)
            builder.tap(f"result_{op.name}", node)
            builder.output(f"out_{op.name}", node, SAFE[builder.type_of(node).kind])
    return builder.freeze()


@cache
def vectors(signature: tuple[Type, ...]) -> tuple[list[tuple[Value, ...]], dict[str, Column]]:
    """Every combination of special values (for three numbers of every third): as Python rows, and as a batch's columns."""
    step = 3 if len(signature) == 3 and BOOL not in signature else 1
    rows = list(product(*(SPECIAL[type_][::step] for type_ in signature)))
    columns = {
        f"x{k}": np.array([row[k] for row in rows], dtype=column_dtype(type_))[np.newaxis, :]
        for k, type_ in enumerate(signature)
    }
    return rows, columns


@cache
def result_of(signature: tuple[Type, ...], backend: str) -> Result:
    graph = graph_of(signature, backend)
    rows, columns = vectors(signature)
    lowering: Backend = BACKENDS[backend]
    runner = lowering.load(graph, lowering.lower(graph))
    return runner.run(Batch(columns, {}, None, 1, len(rows)), range(len(graph)))


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_op_is_lowered_or_refused_with_a_reason(backend: str) -> None:
    table = BACKENDS[backend].table
    assert set(table) == set(OPS.values())
    assert all(len(row.reason.split()) > 3 for row in table.values() if isinstance(row, Refusal))


@pytest.mark.parametrize("case", CASES, ids=title)
@pytest.mark.parametrize("backend", BACKENDS)
def test_same_words_as_the_meaning(backend: str, case: Case) -> None:
    name, signature = case
    row = backend_or_skip(backend).table[OPS[name]]
    if isinstance(row, Refusal):
        pytest.skip(f"{backend} refuses `{name}`: {row.reason}")
    graph = graph_of(signature, backend)
    node = graph.node(f"result_{name}")
    rows, _ = vectors(signature)
    type_ = graph.types[node]
    expected = np.array([OPS[name].meaning(*row) for row in rows], dtype=column_dtype(type_))
    got = result_of(signature, backend).nodes[node][0]
    differs = np.flatnonzero(words_of_column(got, type_) != words_of_column(expected, type_))
    assert not differs.size, [f"{name}{rows[k]}: got {got[k]!r}, expected {expected[k]!r}" for k in differs[:5]]


def test_the_matrix_covers_every_op_and_special_value() -> None:
    assert {name for name, _ in CASES} == set(OPS) - {op.name for op in ON_ARRAYS}
    words = set(words_of_column(np.array(SPECIAL_F64), F64).tolist())
    assert {0, 1 << 63, 1, 0x7FF0 << 48, 0xFFF0 << 48, 0x7FF8 << 48, 0x3FE0 << 48, 0x4004 << 48} <= words
    assert {0, -1, (1 << 63) - 1, -(1 << 63)} <= set(SPECIAL_I64)
