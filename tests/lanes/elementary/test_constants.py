"""Constants and coefficients against mpmath: the integer series and the fitted tables give the digits they claim."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from mpmath import ln, mp, mpf, pi, sqrt

from lanes.elementary import constants, normal_tables
from tools.normal_tables import tables


@pytest.mark.parametrize("name", ["LN2", "PI", "SQRT_2", "INVERSE_SQRT_2_PI"])
def test_a_constant_is_good_to_300_bits(name: str) -> None:
    with mp.workprec(400):
        truth = {"LN2": ln(2), "PI": +pi, "SQRT_2": sqrt(2), "INVERSE_SQRT_2_PI": 1 / sqrt(2 * pi)}[name]
        held: Fraction = getattr(constants, name)
        assert abs(mpf(held.numerator) / held.denominator - truth) < mpf(2) ** -300


def test_parts_add_up_and_have_room_for_a_multiple() -> None:
    split = constants.parts(constants.PI / 2, 26, 5)
    assert abs(sum(map(Fraction, split)) - constants.PI / 2) < Fraction(1, 2**154)
    for part in split[:-1]:
        assert Fraction(part * (2.0**27 - 1.0)) == Fraction(part) * (2**27 - 1)


def test_the_tables_are_what_the_tool_writes() -> None:
    assert tables() == Path(normal_tables.__file__).read_text()
