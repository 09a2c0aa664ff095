"""Unit arithmetic: nominal dimensions, plain ratios, one spelling."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from dag.operators.table import ADD, AND, DIV, F64_BITS, LT, MUL, SELECT, SQRT
from dag.operators.units import UNITS, UnitProblem, _worked_out, canonical_unit, define_unit, result_unit

ROOT = Path(__file__).parents[2]


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


def test_what_is_known_without_arithmetic_is_what_arithmetic_gives() -> None:
    every = ["1", *UNITS, canonical_unit("usd / bars")]
    for op, first, second in itertools.product((MUL, DIV), every, every):
        assert result_unit(op, (first, second)) == _worked_out(op.units, (first, second))
    assert [canonical_unit(name) for name in UNITS] == [_worked_out(MUL.units, (name, "1")) for name in UNITS]
    assert result_unit(SQRT, ("1",)) == _worked_out(SQRT.units, ("1",))


def test_a_program_of_names_and_plain_numbers_needs_no_arithmetic() -> None:
    """pint takes a third of a second to import."""
    program = (
        "import sys, dagc; from dag.files.loading import load_lane; from dag.trace import trace\n"
        "trace(load_lane('examples/first_lane.py:conviction')); print('pint' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("text", ["meter", "us", "bps +", "2 * usd", "k usd"])
def test_only_defined_units_exist(text: str) -> None:
    with pytest.raises(UnitProblem):
        canonical_unit(text)


def test_a_new_unit_is_declared_once() -> None:
    assert canonical_unit(define_unit("lots_for_test", "exchange lots")) == "lots_for_test"
    assert define_unit("lots_for_test", "exchange lots") == "lots_for_test", "a notebook cell runs twice"
    with pytest.raises(UnitProblem, match="already defined"):
        define_unit("lots_for_test", "again")
    with pytest.raises(UnitProblem, match="already defined"):
        define_unit("usd", "again")
    del UNITS["lots_for_test"]
