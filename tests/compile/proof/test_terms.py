"""Terms: equal exactly where the same operators are applied to the same operands, under the named laws and no others."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product

import pytest

from compile.campaign.drawing.random_graph import random_graph
from compile.campaign.drawing.special_values import SPECIAL_F64, SPECIAL_I64
from compile.proof.core.axioms import Axiom
from compile.proof.core.source import source_terms
from compile.proof.core.terms import INPUT, SYMMETRIC, IllTyped, Terms
from dag.operators.table import OPS
from dag.values.types import BOOL, F32, F64, I32, I64, Kind, Type, Value
from dag.values.words import word_of


@pytest.fixture
def terms() -> Terms:
    return Terms()


def test_constants_differ_by_their_words(terms: Terms) -> None:
    values = [0.0, -0.0, 1.0, math.nextafter(1.0, 2.0), math.inf, -math.inf, math.nan, 5e-324]
    assert len({terms.constant(value, Kind.F64) for value in values}) == len(values)
    assert terms.constant(0.0, Kind.F64) != terms.constant(0, Kind.I64) != terms.constant(False, Kind.BOOL)


@pytest.mark.parametrize("operator", ["add", "mul", "iadd", "iand", "eq"])
def test_symmetric_operators_commute_and_say_so(terms: Terms, operator: str) -> None:
    type_ = I64 if operator.startswith("i") else F64
    a, b = terms.leaf(INPUT, "a", type_), terms.leaf(INPUT, "b", type_)
    first = terms.term(operator, a, b)
    assert not terms.used
    assert terms.term(operator, b, a) == first
    assert terms.used == {Axiom.COMMUTES}


@pytest.mark.parametrize("operator", ["sub", "div", "min", "max", "lt", "isub", "shl", "imod"])
def test_asymmetric_operators_do_not_commute(terms: Terms, operator: str) -> None:
    type_ = I64 if operator in ("isub", "shl", "imod") else F64
    a, b = terms.leaf(INPUT, "a", type_), terms.leaf(INPUT, "b", type_)
    assert terms.term(operator, a, b) != terms.term(operator, b, a)


def test_nothing_is_regrouped_and_no_neutral_element_dropped(terms: Terms) -> None:
    a, b, c = (terms.leaf(INPUT, name, F64) for name in "abc")
    left = terms.term("add", terms.term("add", a, b), c)
    assert left != terms.term("add", a, terms.term("add", b, c))
    assert terms.term("add", a, terms.constant(0.0, Kind.F64)) != a
    assert terms.term("sub", a, b) != terms.term("add", a, terms.term("neg", b))


def test_a_wide_number_is_no_operand_of_a_binary32_operator(terms: Terms) -> None:
    wide, narrow = terms.leaf(INPUT, "a", F64), terms.leaf(INPUT, "b", F32)
    with pytest.raises(IllTyped):
        terms.term("add_f32", wide, narrow)
    assert terms.term("f64_to_f32", terms.term("add", narrow, narrow)) == terms.term("add_f32", narrow, narrow)
    assert terms.term("f64_to_f32", terms.term("add", wide, narrow)) != terms.term("add", wide, narrow)


def test_every_row_of_the_op_table_is_a_term() -> None:
    """Random graphs hold every row; no operator is unknown here."""
    graph = random_graph(3, operators=2 * len(OPS), arrays=True)
    source = source_terms(graph)
    assert len(source.of) == len(graph)


_LAWS: dict[str, tuple[str, Callable[[float, float], tuple[Value, ...]]]] = {
    "min": ("select", lambda a, b: (OPS["lt"].meaning(b, a), b, a)),
    "max": ("select", lambda a, b: (OPS["lt"].meaning(a, b), b, a)),
    "gt": ("lt", lambda a, b: (b, a)),
    "ge": ("le", lambda a, b: (b, a)),
}


@pytest.mark.parametrize("operator", _LAWS)
def test_the_laws_hold_on_special_values(operator: str) -> None:
    other, rewritten = _LAWS[operator]
    for a, b in product(SPECIAL_F64, repeat=2):
        assert repr(OPS[operator].meaning(a, b)) == repr(OPS[other].meaning(*rewritten(float(a), float(b))))


_SPECIAL: dict[Type, tuple[Value, ...]] = {F64: SPECIAL_F64, I64: SPECIAL_I64, BOOL: (False, True)}
_PAIRS = ((F64, F64), (I64, I64), (BOOL, BOOL))


@pytest.mark.parametrize("operator", [name for name, op in OPS.items() if op.takes in _PAIRS])
def test_what_is_called_symmetric_is(operator: str) -> None:
    op = OPS[operator]
    type_, gives = op.takes[0], op.gives
    assert isinstance(type_, Type)
    assert isinstance(gives, Type)
    values = _SPECIAL[type_]
    differs = any(
        word_of(op.meaning(a, b), gives) != word_of(op.meaning(b, a), gives) for a, b in product(values, repeat=2)
    )
    assert differs is not (operator in SYMMETRIC or operator in ("ne", "ine", "imin", "imax"))


def test_i32_is_not_wrapped_twice(terms: Terms) -> None:
    narrow, wide = terms.leaf(INPUT, "n", I32), terms.leaf(INPUT, "m", I64)
    assert terms.term("i64_to_i32", narrow) == narrow
    assert terms.term("i64_to_i32", wide) != wide
