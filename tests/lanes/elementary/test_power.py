"""Powers by integers: entries and coefficients are the nearest of their units, and both halves keep to the errors that are claimed of them.

A result is rounded to a multiple of 2^-140 of it before the last rounding. So it is right unless it lies that near to a midpoint of two
floats without being one. That no power does is known for y = n/8 and the like (C. Q. Lauter, V. Lefevre, An efficient rounding boundary
test for pow(x, y) in double precision, 2009, on exact cases); for others the nearest that anybody found is 2^-122 away.
"""

from __future__ import annotations

import random
from fractions import Fraction
from math import inf

import pytest
from mpmath import mp, mpf

from dag import float_bits
from lanes.elementary import pow as power
from lanes.elementary import power_fixed, words
from lanes.elementary.logarithm_fixed import HALF, R1, R2
from tests.lanes.elementary.enclosures import BITS, Enclosure, power_of_two
from tests.lanes.elementary.enclosures import logarithm as enclosed_logarithm
from tests.lanes.elementary.test_bounds import entry, number, power_of_ln2, signed, wrong_by

NEAREST = Fraction(1, 2) + Fraction(1, 1 << 60)
LN2 = enclosed_logarithm(Fraction(2))


def binary_logarithm(x: Fraction) -> Enclosure:
    natural = enclosed_logarithm(x)
    ends = [Fraction(end, divisor) for end in (natural.low, natural.high) for divisor in (LN2.low, LN2.high)]
    return Enclosure(int(min(ends) * (1 << BITS)) - 1, int(max(ends) * (1 << BITS)) + 1)


def negated(x: Enclosure) -> Enclosure:
    return Enclosure(-x.high, -x.low)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_every_power_in_the_tables_is_the_nearest(n: int) -> None:
    table = (power_fixed.T1, power_fixed.T2, power_fixed.T3)[n - 1]
    held = [number(entry(table, k)) for k in range(128)]
    wrong = [k for k in range(128) if wrong_by(held[k], 190, power_of_two(Fraction(k, 1 << 7 * n))) > NEAREST]
    assert wrong == []
    assert wrong_by(held[77] + 1, 190, power_of_two(Fraction(77, 1 << 7 * n))) > NEAREST


def test_every_logarithm_in_the_tables_is_the_nearest() -> None:
    for i in range(128):
        true = negated(binary_logarithm(Fraction(R1[i], 512 if i < HALF else 256)))
        assert wrong_by(signed(entry(power_fixed.FIRST, i)), 244, true) <= NEAREST, i
    for j in range(256):
        true = negated(binary_logarithm(Fraction(R2[j], 1 << 16)))
        assert wrong_by(signed(entry(power_fixed.SECOND, j)), 244, true) <= NEAREST, j


def test_every_coefficient_is_the_nearest() -> None:
    inverse = Enclosure((1 << 2 * BITS) // LN2.high, (1 << 2 * BITS) // LN2.low + 1)
    for n, (held, bits) in enumerate(zip(power_fixed.SERIES, power_fixed.SERIES_BITS, strict=True)):
        assert wrong_by(number(held), bits, inverse.times(Fraction(1, n + 1))) <= NEAREST, n
    two = (power_fixed.C1, power_fixed.C2, power_fixed.C3, power_fixed.C4, power_fixed.C5)
    coefficients = (*two, (power_fixed.C6,), (power_fixed.C7,))
    for n, held in enumerate(coefficients, 1):
        bits = 64 * len(held) - 1
        assert wrong_by(number(held), bits, power_of_ln2(n)) <= NEAREST, n


@pytest.mark.parametrize("seed", range(3))
def test_the_power_of_a_fraction_keeps_to_its_error(seed: int) -> None:
    """A term that is missing is 2^-163 or more."""
    rng = random.Random(seed)
    for f in [0, (1 << 192) - 1, (1 << 171) - 1, *(rng.getrandbits(192) for _ in range(40))]:
        a, b, c = words.words_of(f, 3)
        held = Fraction(number(power_fixed.power_of_fraction((a, b, c))), 1 << 186)
        assert power_of_two(Fraction(f, 1 << 192)).distance(held) <= Fraction(1, 1 << 180), f


@pytest.mark.parametrize("seed", range(3))
def test_the_logarithm_keeps_to_its_error(seed: int) -> None:
    """A term that is missing is 2^-154 or more where z is largest."""
    rng = random.Random(seed)
    edges = [1 + 2.0**-52, 1 - 2.0**-53, 2.0 - 2.0**-13, 1 + 2.0**-14, 1.9999, 0.7, 1.41]
    for x in [
        *edges,
        *(rng.uniform(0.5, 2.0) for _ in range(40)),
        *(1 + rng.uniform(-1, 1) * 2.0**-14 for _ in range(20)),
    ]:
        held = Fraction(signed(power_fixed.binary_logarithm(float_bits(x))), 1 << 244)
        true = binary_logarithm(Fraction(x))
        assert true.distance(held) <= abs(held) * Fraction(1, 1 << 154), x


def truth(x: float, y: float) -> float:
    with mp.workprec(400):
        value = mp.power(mpf(x), mpf(y))
        exact = Fraction(int(value.man)) * Fraction(2) ** int(value.exp)
    try:
        return exact.numerator / exact.denominator
    except OverflowError:
        return inf


HARD = [
    (1.7976931348623157e308, 0.5), (float.fromhex("0x1.524ebae943097p+1"), 15 / 32), (134217729.0, -2.0), (5e-324, 0.5),
    (float.fromhex("0x1.ffffffffffffcp-1"), float.fromhex("0x1.fffffffffffffp-2")), (5e-324, 1.0), (3.5, 15.0),
]  # fmt: skip


@pytest.mark.parametrize(("x", "y"), HARD)
def test_hard_cases_are_rounded_right(x: float, y: float) -> None:
    assert power(x, y).hex() == truth(x, y).hex()
