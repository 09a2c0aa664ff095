"""How wrong the functions by integers can be before they round, proved: every table entry against its enclosure, every step's error
added up in fractions, and the steps themselves held to what is claimed of them. Less than a result's distance from the nearest midpoint
of two floats, which others found by exhaustive search, it is too little to round the wrong way.
"""

from __future__ import annotations

import random
from fractions import Fraction
from math import factorial, log2

import numpy as np
import pytest
from numpy.typing import NDArray

from lanes.elementary import exponential, exponential_fixed, logarithm, logarithm_fixed, words
from lanes.elementary.exponential_fixed import power_of_fraction
from lanes.elementary.logarithm_fixed import R1, R2, series
from tests.lanes.elementary.enclosures import BITS, Enclosure, power_of_two
from tests.lanes.elementary.enclosures import logarithm as enclosed_logarithm

#: The least distance of a result from a midpoint, relative to it, over all floats: its binary logarithm.
#: exp, log, exp2, log2: V. Lefevre, J.-M. Muller, Worst cases for correct rounding of the elementary functions in double precision (2001,
#: tables of 2003), and the lists of CORE-MATH (P. Zimmermann, A. Sibidanov and others); e^x for |x| < 2^-30 is searched below.
HARDNESS = {"exp": -111.69, "exp2": -112.54, "log": -115.02, "log2": -108.75}
HALF = Fraction(1, 2) + Fraction(1, 1 << 60)
LN2 = enclosed_logarithm(Fraction(2))


def unit(bits: int) -> Fraction:
    return Fraction(1, 1 << bits)


def number(parts: tuple[int, ...]) -> int:
    """What words hold, unsigned."""
    found = 0
    for part in parts:
        found = found << 64 | part % words.WORD
    return found


def signed(parts: tuple[int, ...]) -> int:
    found, size = number(parts), 1 << 64 * len(parts)
    return found - size if found >= size // 2 else found


def entry(table: tuple[tuple[int, ...], ...], place: int) -> tuple[int, ...]:
    return tuple(column[place] for column in table)


def wrong_by(held: int, bits: int, true: Enclosure) -> Fraction:
    """In units of 2^-bits."""
    return true.distance(Fraction(held, 1 << bits)) * (1 << bits)


def power_of_ln2(n: int) -> Enclosure:
    found = LN2
    for _ in range(n - 1):
        found = Enclosure(found.low * LN2.low >> BITS, (found.high * LN2.high >> BITS) + 1)
    return found.times(Fraction(1, factorial(n)))


# --- 2^y ----------------------------------------------------------------------------------------------------------------


def wrong_entries_of_powers() -> list[tuple[int, int]]:
    """Entries that are not the nearest of their units: (table, place)."""
    tables = enumerate((exponential_fixed.T1, exponential_fixed.T2, exponential_fixed.T3), 1)
    return [
        (n, k)
        for n, table in tables
        for k in range(128)
        if wrong_by(number(entry(table, k)), 126, power_of_two(Fraction(k, 1 << 7 * n))) > HALF
    ]


def error_of_power() -> Fraction:
    """The relative error of `power_of_fraction`, every step added up.

    Products without their lowest part and shifts are too low by less than 3 units and 1 unit; h is exact, its upper word too low by less
    than 2^-63. All of h, the coefficients and the partial sums are below 1.
    """
    assert not wrong_entries_of_powers()
    c1, c2 = (number(each) for each in (exponential_fixed.C1, exponential_fixed.C2))
    assert wrong_by(c1, 127, power_of_ln2(1)) <= HALF
    assert wrong_by(c2, 127, power_of_ln2(2)) <= HALF
    assert wrong_by(exponential_fixed.C3, 63, power_of_ln2(3)) <= HALF
    fifth = power_of_ln2(5)
    fourth = power_of_ln2(4)
    half_of_next = fifth.times(unit(22))
    raised = Enclosure(fourth.low + half_of_next.low, fourth.high + half_of_next.high)
    assert wrong_by(exponential_fixed.C4, 63, raised) <= HALF
    down = unit(21)
    third = unit(63) * (HALF + 1) + down * (unit(63) * HALF + unit(62) + unit(63))
    second = unit(127) * (HALF + 1) + down * (third + unit(63))
    first = unit(127) * (HALF + 1) + down * (second + 3 * unit(126))
    # |c5 h^4 - c5 h^3 / 2| <= c5 / 2, and the terms behind it, of h 2^-21.
    left_out = fifth.times(unit(85)).distance(Fraction(0)) + 2 * power_of_ln2(6).times(unit(105)).distance(Fraction(0))
    of_growth = first + left_out + 3 * unit(126)
    small = unit(126) * (HALF + 1) + (1 + unit(13)) * down * of_growth + 3 * unit(124) * down  # T3 is below 1 + 2^-13
    large = 2 * 2 * HALF * unit(126) + 3 * unit(124)
    return small + large + small * large + 3 * unit(122)


def test_the_error_of_a_power_of_two_is_below_its_hardness() -> None:
    error = error_of_power()
    assert error < unit(115)
    assert log2(error) < HARDNESS["exp2"] - 2


def test_the_error_of_an_exponential_is_below_its_hardness() -> None:
    constant = number(exponential.LOG2_E_WORDS)
    of_inverse = max(abs(Fraction(constant, 1 << 127) * Fraction(end, 1 << BITS) - 1) for end in (LN2.low, LN2.high))
    # x log2(e), |x| <= 760, to 2^-128, and once more where what is left of 1 is taken; times ln 2.
    of_argument = 760 * of_inverse + 2 * unit(128)
    error = error_of_power() + of_argument
    assert error < unit(115)
    assert log2(error) < HARDNESS["exp"] - 3


@pytest.mark.parametrize("seed", range(4))
def test_the_code_keeps_to_the_bound_of_a_power(seed: int) -> None:
    """A term that is missing is 2^-105 or more."""
    rng, error = random.Random(seed), error_of_power()
    edges = [0, (1 << 128) - 1, (1 << 107) - 1, ((1 << 107) - 1) << 21, 1, 1 << 107]
    for f in [*edges, *(rng.getrandbits(128) | (rng.getrandbits(1) * ((1 << 107) - 1)) for _ in range(60))]:
        high, low = words.words_of(f, 2)
        v = number(power_of_fraction((high, low)))
        true = power_of_two(Fraction(f, 1 << 128))
        assert true.distance(Fraction(v, 1 << 122)) <= error * 2, f


def nearest_to_a_midpoint(numerators: NDArray[np.int64], step: int, above_one: bool) -> float:
    """How near ln(1 +- d) comes to a float, over odd multiples d of 2^-step below 2^-30, all of them: the binary logarithm.

    The float's last place divides d, so that d^2/2 -+ d^3/3 + d^4/4 alone counts, here in units of 2^-(2 step + 1), modulo that last place.
    """
    n = numerators.astype(np.float64)
    last = np.exp2(np.floor(np.log2(n)) - step - 52 + 2 * step + 1)
    squares = (numerators * numerators) % last.astype(np.int64)
    cubes = n**3 * 2.0 ** (1 - step) / 3.0
    rest = squares + (-cubes if above_one else cubes) + n**4 * 2.0 ** (-1 - 2 * step) * 2.0
    return float(np.log2(np.abs(rest - last * np.rint(rest / last)).min())) - (2 * step + 1)


def test_no_small_argument_has_an_exponential_nearer_to_a_midpoint() -> None:
    """For |x| < 2^-30, by every midpoint there is: x is the float next to its logarithm."""
    above = nearest_to_a_midpoint(np.arange(3, 1 << 23, 2, dtype=np.int64), 53, above_one=True)
    below = nearest_to_a_midpoint(np.arange(1, 1 << 24, 2, dtype=np.int64), 54, above_one=False)
    assert HARDNESS["exp"] < min(above, below) < -108


# --- logarithms ---------------------------------------------------------------------------------------------------------


def wrong_logarithms(tables: logarithm_fixed.Logarithms, factor: Fraction | None) -> list[tuple[str, int]]:
    """Entries that are not the nearest of their units."""

    def is_wrong(held: int, reciprocal: Fraction) -> bool:
        natural = enclosed_logarithm(reciprocal)
        if factor is None:
            true = Enclosure(-natural.high, -natural.low)
        else:  # a quotient of two enclosures; both ends of the divisor tried
            ends = [Fraction(-end, divisor) for end in (natural.low, natural.high) for divisor in (LN2.low, LN2.high)]
            true = Enclosure(int(min(ends) * (1 << BITS)) - 1, int(max(ends) * (1 << BITS)) + 1)
        return wrong_by(held, 180, true) > HALF

    of_two = number(tables.of_two)
    found = [("two", 2)] if is_wrong(of_two, Fraction(1, 2)) else []
    for i in range(128):
        held = signed(entry(tables.first, i)) - logarithm_fixed.LOWEST * of_two
        if is_wrong(held, Fraction(R1[i], 512 if i < logarithm_fixed.HALF else 256)):
            found.append(("first", i))
    found += [
        ("second", j)
        for j in range(256)
        if is_wrong(signed(entry(tables.second, j)), Fraction(R2[j], 1 << 16))
    ]  # fmt: skip
    return found


@pytest.mark.parametrize(("tables", "factor"), [(logarithm.NATURAL, None), (logarithm.BINARY, Fraction(1))])
def test_every_logarithm_in_the_tables_is_the_nearest(
    tables: logarithm_fixed.Logarithms, factor: Fraction | None
) -> None:
    assert wrong_logarithms(tables, factor) == []


def test_the_two_reductions_are_exact() -> None:
    """For every place of both tables the products stay within 64 bits, and z within 2^-14."""
    for i in range(128):
        low, high = ((1 << 52) + (i << 45)) * R1[i], ((1 << 52) + ((i + 1) << 45) - 1) * R1[i]
        assert (1 << 61) - (1 << 54) <= low <= high < (1 << 61) + (1 << 54)
    for j in range(-128, 128):
        low, high = ((1 << 61) + (j << 47)) * R2[j], ((1 << 61) + ((j + 1) << 47) - 1) * R2[j]
        assert -(1 << 63) <= low - (1 << 77) <= high - (1 << 77) < 1 << 63
    assert R1[0] == 512
    assert R1[127] == 256
    assert R2[0] == R2[-1] == 1 << 16


def error_of_series() -> Fraction:
    """The error of `series`, of a value between 1 - 2^-14 and 1 + 2^-14: t = z^2 <= 2^-28, in units u of 2^-91."""
    for constant, n, bits in (
        (number(logarithm_fixed.THIRD), 3, 128),
        *((each % words.WORD, n, 64) for each, n in zip((logarithm_fixed.FIFTH, logarithm_fixed.SIXTH, logarithm_fixed.SEVENTH, logarithm_fixed.NINTH), (5, 6, 7, 9), strict=True)),
    ):  # fmt: skip
        assert abs(Fraction(constant) - Fraction(1 << bits, n)) <= Fraction(1, 2)
    u, word, t, z = unit(91), unit(64), unit(28), unit(14)
    inner = word * (HALF + 1) + (u * Fraction(1, 9) + u + word * t)
    quotient = word * (HALF + 1) + (u * Fraction(1, 7) + u + t * inner)
    even = u * Fraction(1, 5) + u + t * quotient
    odd = u * Fraction(1, 6) + u + t * 2 * word
    odd_by_z = z * odd + 2 * u + u  # two shifts, and what is left of a complement
    left_out = z**7 * Fraction(1, 10) * 2
    r = unit(128) + even + odd_by_z + left_out
    return t * r + 3 * unit(154) + unit(127)


def test_the_error_of_a_logarithm_is_below_its_hardness() -> None:
    # Next to 1 the result is z times the series; elsewhere it is 2^-14.01 or more, and 0.34 where an exponent is added.
    error = error_of_series() / (1 - unit(14))
    next_to_one = error + 2 * unit(180) / unit(54)
    beyond = error + (2 + 3) * unit(180) * (1 << 15) + 1200 * unit(180) * 3
    found = max(next_to_one, beyond)
    assert found < unit(116)
    assert log2(found) < HARDNESS["log"] - 1
    binary = found + 4 * unit(124)
    assert log2(binary) < HARDNESS["log2"] - 6


@pytest.mark.parametrize("seed", range(3))
def test_the_code_keeps_to_the_bound_of_the_series(seed: int) -> None:
    """A term that is missing is 2^-98 or more."""
    rng, error = random.Random(seed), error_of_series()
    for w in [
        (1 << 63) - 1,
        -(1 << 63),
        1 << 62,
        -(1 << 62),
        *(rng.getrandbits(63) * rng.choice((1, -1)) for _ in range(40)),
    ]:
        z = Fraction(w, 1 << 77)
        true = enclosed_logarithm(1 + z)
        held = Fraction(number(series(w)), 1 << 127)
        assert true.distance(held * z) <= error * abs(z) + Fraction(1, 1 << 400), w


# --- the proof can fail -------------------------------------------------------------------------------------------------


def moved(table: tuple[tuple[int, ...], ...], place: int, by: int) -> tuple[tuple[int, ...], ...]:
    *above, last = (list(column) for column in table)
    last[place] += by
    return tuple(map(tuple, (*above, last)))


@pytest.mark.parametrize(("name", "by"), [("T1", 1), ("T2", -1), ("T3", 1)])
def test_an_entry_that_is_off_by_one_is_found(monkeypatch: pytest.MonkeyPatch, name: str, by: int) -> None:
    monkeypatch.setattr(exponential_fixed, name, moved(getattr(exponential_fixed, name), 77, by))
    assert wrong_entries_of_powers() == [(int(name[1]), 77)]


def test_a_logarithm_that_is_off_by_one_is_found() -> None:
    tables = logarithm.NATURAL
    for changed, found in (
        (logarithm_fixed.Logarithms(tables.of_two, moved(tables.first, 5, 1), tables.second), ("first", 5)),
        (logarithm_fixed.Logarithms(tables.of_two, tables.first, moved(tables.second, 200, -1)), ("second", 200)),
    ):
        assert wrong_logarithms(changed, None) == [found]


@pytest.mark.parametrize("name", ["C4", "C3"])
def test_a_term_of_a_power_that_is_missing_is_found(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    claimed = error_of_power()
    monkeypatch.setattr(exponential_fixed, name, 0)
    held = Fraction(number(power_of_fraction((-1, -1))), 1 << 122)
    assert power_of_two(Fraction((1 << 128) - 1, 1 << 128)).distance(held) > 2 * claimed


@pytest.mark.parametrize("name", ["NINTH", "SIXTH"])
def test_a_term_of_a_logarithm_that_is_missing_is_found(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    claimed, z = error_of_series(), Fraction((1 << 63) - 1, 1 << 77)
    monkeypatch.setattr(logarithm_fixed, name, 0)
    held = Fraction(number(series((1 << 63) - 1)), 1 << 127)
    assert enclosed_logarithm(1 + z).distance(held * z) > claimed * z
