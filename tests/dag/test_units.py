"""Unit arithmetic: nominal dimensions, plain ratios, one spelling."""

from __future__ import annotations

import pytest

from dag.operators.table import ADD, AND, DIV, F64_BITS, LT, MUL, SELECT, SQRT
from dag.operators.units import UNITS, UnitProblem, canonical_unit, define_unit, result_unit


@pytest.mark.parametrize("ratio", ["1", "", "frac", "mult", "prob"])
def test_plain_ratios_are_dimensionless(ratio: str) -> None:
    assert canonical_unit(ratio) == "1"


def test_one_spelling_whatever_the_order() -> None:
    assert canonical_unit("usd * x_conv") == canonical_unit("x_conv*usd")
    assert canonical_unit("bps / bars") == result_unit(DIV, ("bps", "bars"))


def test_ratios_with_a_meaning_do_not_mix() -> None:
    with pytest.raises(UnitProblem):
        result_unit(ADD, ("x_conv", "x_exch"))
    with pytest.raises(UnitProblem):
        result_unit(LT, ("usd", "bps"))
    with pytest.raises(UnitProblem):
        result_unit(SELECT, ("1", "usd", "bps"))
    with pytest.raises(UnitProblem):
        result_unit(AND, ("1", "usd"))


def test_products_quotients_and_roots() -> None:
    assert result_unit(MUL, ("usd", "1")) == "usd"
    assert result_unit(DIV, ("px", "px")) == "1"
    assert result_unit(SQRT, (result_unit(MUL, ("px", "px")),)) == "px"
    assert result_unit(F64_BITS, ("px",)) == "1"


@pytest.mark.parametrize("text", ["meter", "us", "bps +", "2 * usd", "k usd"])
def test_only_defined_units_exist(text: str) -> None:
    with pytest.raises(UnitProblem):
        canonical_unit(text)


def test_a_new_unit_is_declared_once() -> None:
    assert canonical_unit(define_unit("lots_for_test", "exchange lots")) == "lots_for_test"
    with pytest.raises(UnitProblem, match="already defined"):
        define_unit("lots_for_test", "again")
    with pytest.raises(UnitProblem, match="already defined"):
        define_unit("usd", "again")
    del UNITS["lots_for_test"]
