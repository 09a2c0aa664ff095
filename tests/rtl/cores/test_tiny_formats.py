"""The cores' one source at formats so small that every pair of operands is tried, against rounding by enumeration."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from dag.values.words import Words
from rtl.evidence.tiny_cores import CASES, CoreCase, differing_rows, simulated, simulated_by_icarus
from rtl.evidence.tiny_floats import TinyFormat
from tests.support.simulator import needs_icarus, needs_verilator
from tests.support.tiers import few_rows

SMALL, LARGER = TinyFormat(3, 2), TinyFormat(4, 3)
CUTS: dict[str, Callable[[int], bool]] = {
    "every cut": lambda k: True,
    "no cut": lambda k: False,
    "every other cut": lambda k: k % 2 == 1,
}
MADE = [(SMALL, cuts) for cuts in CUTS] + [(LARGER, "every cut")]


@cache
def _simulated(form: TinyFormat, cuts: str) -> dict[str, Words]:
    return simulated(form, [case for case in CASES if case.suits(form)], CUTS[cuts])


@needs_verilator
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize(
    ("form", "cuts"),
    few_rows(MADE, 2),
    ids=lambda each: each if isinstance(each, str) else f"{each.exponent}+{each.fraction}",
)
def test_every_pair_of_operands(form: TinyFormat, cuts: str, case: CoreCase) -> None:
    if not case.suits(form):
        pytest.skip("the integers do not fit the exponents of this format")
    wrong = differing_rows(form, case, _simulated(form, cuts)[case.name])
    assert not wrong, f"{len(wrong)} operands; the first: (operands, got, expected) = {wrong[0]}"


@needs_icarus
def test_icarus_reads_the_same_cores() -> None:
    cases = [case for case in CASES if case.suits(SMALL)]
    got = simulated_by_icarus(SMALL, cases, CUTS["every cut"])
    assert {case.name: differing_rows(SMALL, case, got[case.name]) for case in cases} == {
        case.name: [] for case in cases
    }


def test_the_model_rounds_to_even_and_reaches_subnormals_and_infinity() -> None:
    # By hand, for 3 + 2 bits: bias 3, smallest number 1/16, largest 14.
    one, largest, smallest = 0b0_011_00, 0b0_110_11, 0b0_000_01
    assert SMALL.value(largest) == 14
    assert SMALL.value(smallest) * 16 == 1
    assert SMALL.add(largest, 0b0_010_11) == largest  # 14 7/8
    assert SMALL.add(largest, one) == SMALL.infinity  # 15 is half way to 16, whose word is even
    assert SMALL.add(one, 0b0_000_10) == one  # 1 + 1/8 ties between 1 and 1 1/4
    assert SMALL.add(one | 1, 0b0_000_10) == one | 2  # 1 1/4 + 1/8 ties upwards
    assert SMALL.mul(smallest, 0b0_010_00) == 0  # half the smallest ties to zero
    assert SMALL.mul(smallest | SMALL.sign_bit, 0b0_010_01) == smallest | SMALL.sign_bit
    assert SMALL.div(one, 0b0_100_10) == 0b0_001_01  # 1/3 is nearest to 0.3125
    assert SMALL.sqrt(0b0_100_00) == 0b0_011_10  # the root of 2 is nearest to 1.5
