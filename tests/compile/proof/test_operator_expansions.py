"""Each operator's expansion computed by numpy, and its meaning in the op table: the same words."""

from __future__ import annotations

import numpy as np
import pytest

from compile.campaign.drawing.special_values import special_column
from compile.proof.stablehlo.operator_expansions import EXPANSIONS, PINNED, expansions
from compile.proof.stablehlo.tensor_terms import BOOL, F64, I64, TensorTerms, digest
from compile.proof.stablehlo.term_builder import Builder
from compile.proof.stablehlo.terms import result_of
from compile.proof.stablehlo.text import functions_of
from compile.xla.emit import emit
from dag.graphs.builder import GraphBuilder
from dag.operators.op import Op
from dag.operators.table import FOLDS, IN_F32, OPS
from dag.values.domain import whole_domain
from dag.values.types import Kind, Type
from dag.values.words import Column, words_of_column
from tests.support.tensor_evaluation import evaluated

ROWS = 3_000
SORTS = {Kind.F64: F64, Kind.F32: F64, Kind.I64: I64, Kind.I32: I64, Kind.BOOL: BOOL}
#: Operators of the table that the expansion of another one serves, on operands held as XLA holds them.
SERVED = {
    **{narrow.name: op.name for op, narrow in IN_F32.items() if narrow.name not in EXPANSIONS},
    "f32_to_i64": "f64_to_i64",
}
#: Operators without a row: a choice, what changes no bit, and those on enums and arrays.
APART = {
    "select",
    "as_unit",
    "f32_to_f64",
    "i32_to_i64",
    "enum_to_i64",
    "enum_eq",
    "get",
    "put",
    "rotate",
    "lookup",
    "spread",
    "indexes",
} | {str(op) for op in FOLDS}


def operands(op: Op, seed: int) -> list[Column]:
    """Special and ordinary operands of the types that `op` takes; half of the rows hold the same number twice."""
    rng = np.random.default_rng(seed)
    columns: list[Column] = []
    for wanted in op.takes:
        assert isinstance(wanted, Type)
        columns.append(special_column(rng, wanted, (ROWS,)))
    if len(columns) > 1 and columns[0].dtype == columns[1].dtype:
        columns[1][::7] = columns[0][::7]
    if len(columns) == 3:
        with np.errstate(all="ignore"):
            columns[2][::5] = -(columns[0][::5] * columns[1][::5])  # what cancels but for the last bits
    return columns


def held(column: Column) -> Column:
    """As the kernel holds it: f32 as f64, i32 as i64."""
    wider = {np.dtype(np.float32): np.float64, np.dtype(np.int32): np.int64}
    return column.astype(wider.get(column.dtype, column.dtype))


def assert_means(op: Op, terms: TensorTerms, term: int) -> None:
    given = operands(op, seed=len(op.name))
    found = evaluated(terms, term, [held(column) for column in given])
    assert isinstance(op.gives, Type)
    expected = np.array([op.meaning(*values) for values in zip(*(held(x).tolist() for x in given), strict=True)])
    if op.gives.is_float:
        wrong = words_of_column(found, F64_TYPE) != words_of_column(expected.astype(np.float64), F64_TYPE)
    else:
        wrong = found != expected
    assert not wrong.any(), [(column[wrong][0], found[wrong][0], expected[wrong][0]) for column in given]


F64_TYPE = Type(Kind.F64)


@pytest.mark.parametrize("name", sorted(set(OPS) - APART - set(PINNED.values())))
def test_an_expansion_is_the_operator(name: str) -> None:
    op, terms = OPS[name], TensorTerms()
    sorts, expand = EXPANSIONS[SERVED.get(name, name)]
    assert sorts == tuple(SORTS[wanted.kind] for wanted in op.takes if isinstance(wanted, Type))
    s = Builder(terms)
    assert_means(op, terms, expand(s, *(s.param(place, sort) for place, sort in enumerate(sorts))))


def test_what_is_pinned_is_the_operator() -> None:
    """Where this fails after a change of the emitter: see that the last line holds, then pin the digest that it has now."""
    (name,) = set(PINNED.values())
    op = OPS[name]
    builder = GraphBuilder("one")
    ports = [builder.input(operand, F64_TYPE, "1", whole_domain(F64_TYPE)) for operand in op.operands]
    builder.output("result", builder.op(op, tuple(ports)), 0.0)
    function = functions_of(emit(builder.freeze())["kernel.stablehlo"].decode())[name]
    terms = TensorTerms()
    s = Builder(terms)
    expansions(terms)  # a digest does not depend on what was built before
    arguments = [*(s.param(place, F64) for place in range(len(op.operands))), s.zero()]
    (term,) = result_of(function, arguments, terms, lambda *_: pytest.fail("it calls another function"))
    assert_means(op, terms, term)
    assert PINNED.get(digest(terms, term)) == name


def test_the_evaluation_sees_a_wrong_expansion() -> None:
    terms = TensorTerms()
    s = Builder(terms)
    a, b = s.param(0, F64), s.param(1, F64)
    with pytest.raises(AssertionError):
        assert_means(OPS["min"], terms, s.select(s.b("fcmp LT", a, b), a, b))
    with pytest.raises(AssertionError):
        assert_means(OPS["mul_f32"], terms, s.rounded(s.rounded(s.f("fadd", a, b))))
