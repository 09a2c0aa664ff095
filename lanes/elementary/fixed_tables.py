"""Tables and coefficients of the functions by integers: whole multiples of a power of two, computed when the module is loaded.

Nothing here is rounded twice: each number comes from exact rationals or from the 320-bit constants of `constants`.
`tests/lanes/elementary/bounds` holds every entry to the function that it stands for.
"""

from __future__ import annotations

from fractions import Fraction

from lanes.elementary.constants import BITS, LN2, ONE

#: Entries of each table, as a power of two; the reciprocals of the second reduction of a logarithm have one bit more.
INDEX_BITS = 7
ENTRIES = 1 << INDEX_BITS


def whole_units(x: Fraction, bits: int) -> int:
    """x * 2^bits, to the nearest whole number."""
    return round(x * (1 << bits))


def powers_of_two(step_bits: int) -> list[Fraction]:
    """2^(i / 2^step_bits) for i = 0, 1, ..., 127."""
    step = Fraction(_exponential(LN2 / (1 << step_bits)), ONE)
    found = [Fraction(1)]
    while len(found) < ENTRIES:
        found.append(Fraction(int(found[-1] * step * ONE), ONE))
    return found


def _exponential(x: Fraction) -> int:
    """e^x * 2^BITS for a small x >= 0, by its power series."""
    point = int(x * ONE)
    term, total, k = ONE, 0, 0
    while term:
        total += term
        k += 1
        term = (term * point >> BITS) // k
    return total


def logarithm_of(x: Fraction) -> Fraction:
    """ln x for x between 1/4 and 4: 2 artanh((x - 1) / (x + 1))."""
    point = int((x - 1) / (x + 1) * ONE)
    square = point * point >> BITS
    power, total, k = point, 0, 1
    while abs(power) > 1:
        total += power // k
        power = power * square >> BITS
        k += 2
    return Fraction(2 * total, ONE)
