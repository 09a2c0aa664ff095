"""Writes lanes/elementary/normal_tables.py: the polynomials of the normal distribution, fitted with mpmath.

python -m tools.normal_tables > lanes/elementary/normal_tables.py

Each is the interpolation polynomial at the Chebyshev points of an interval, which is within a few percent of the best
polynomial of its degree. Its largest error is measured on a fine grid and printed with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from mpmath import cos, erfc, erfinv, exp, findroot, fsum, log, mp, mpf, pi, sqrt

#: An mpf; mpmath declares its functions to give almost anything.
Real: TypeAlias = Any
Function: TypeAlias = Callable[[Real], Real]

PRECISION = 320
#: The middle of the variable (z - MIDDLE) / (z + MIDDLE).
MIDDLE = 5
#: Just beyond the z whose tail probability is half the smallest subnormal.
FARTHEST = "38.7"
GRID = 400

HEADER = '''"""Polynomials of the normal distribution. Written by tools/normal_tables.py, which fits them; do not edit."""

from __future__ import annotations
'''


def interpolated(function: Function, low: Real, high: Real, count: int) -> list[Real]:
    """Coefficients, lowest first, of the polynomial through `function` at `count` Chebyshev points of [low, high]."""
    middle, half = (low + high) / 2, (high - low) / 2
    angles = [pi * (2 * j + 1) / (2 * count) for j in range(count)]
    values = [function(middle + half * cos(angle)) for angle in angles]
    # The discrete cosine transform, then T_k by their recurrence.
    chebyshev = [2 * fsum(v * cos(k * a) for v, a in zip(values, angles, strict=True)) / count for k in range(count)]
    chebyshev[0] /= 2
    before, now = [mpf(1)], [-middle / half, 1 / half]
    total = [chebyshev[0]] + [mpf(0)] * (count - 1)
    for weight in chebyshev[1:]:
        for i, c in enumerate(now):
            total[i] += weight * c
        after = [mpf(0)] * (len(now) + 1)
        for i, c in enumerate(now):
            after[i + 1] += 2 * c / half
            after[i] -= 2 * c * middle / half
        for i, c in enumerate(before):
            after[i] -= c
        before, now = now, after
    return total


def worst(function: Function, coefficients: list[Real], low: Real, high: Real) -> float:
    """log2 of the largest relative error on a grid."""
    points = [low + (high - low) * i / GRID for i in range(GRID + 1)]
    errors = [abs(fsum(c * w**i for i, c in enumerate(coefficients)) / function(w) - 1) for w in points]
    return float(log(max(errors), 2))


def variable(z: Real) -> Real:
    """(z - MIDDLE) / (z + MIDDLE)."""
    return (z - MIDDLE) / (z + MIDDLE)


def unvaried(w: Real) -> Real:
    """The z of a `variable`."""
    return MIDDLE * (1 + w) / (1 - w)


def tail(w: Real) -> Real:
    """e^(z^2/2) Q(z) (z + MIDDLE), where Q is the upper tail of the normal distribution."""
    z = unvaried(w)
    return exp(z * z / 2) * erfc(z / sqrt(2)) / 2 * (z + MIDDLE)


def quantile(w: Real) -> Real:
    """z / t, where Q(z) = e^(-t^2/2)."""
    t = unvaried(w)
    start = sqrt(max(t * t - 2 * log(t * sqrt(2 * pi)), mpf("0.3")))
    z = findroot(lambda z: log(erfc(z / sqrt(2)) / 2) + t * t / 2, start)
    return z / t


def central(square: Real) -> Real:
    """z / q, where P(0 < Z < z) = q, as a function of q^2."""
    q = sqrt(square)
    return sqrt(2) * erfinv(2 * q) / q if q else sqrt(2 * pi)


def double_double(value: Real) -> str:
    """A number as a (high, low) pair."""
    high = float(value)
    return f"({high!r}, {float(value - mpf(high))!r})"


def table(name: str, comment: str, function: Function, ends: tuple[Real, Real], leading: int, count: int) -> str:
    """A polynomial as Python: `leading` coefficients as double-doubles, if any, in a tuple of their own."""
    coefficients = interpolated(function, *ends, count)
    note = f"#: {comment}; relative error below 2^{worst(function, coefficients, *ends):.1f}.\n"
    rows = ",\n    ".join(double_double(c) for c in coefficients[:leading])
    rest = ",\n    ".join(repr(float(c)) for c in coefficients[leading:])
    first = f"{name} = (\n    {rows},\n)\n" if leading else ""
    return f"\n{note}{first}{name}{'_TAIL' if leading else ''} = (\n    {rest},\n)\n"


def tables() -> str:
    """The text of lanes/elementary/normal_tables.py."""
    with mp.workprec(PRECISION):
        far = variable(mpf(FARTHEST))
        return (
            HEADER
            + f"\n#: The middle of the variable w = (z - MIDDLE) / (z + MIDDLE).\nMIDDLE = {MIDDLE}.0\n"
            + table(
                "UPPER",
                "e^(z^2/2) Q(z) (z + MIDDLE) in powers of w, 0.65 <= z <= 38.7",
                tail,
                (variable(mpf("0.65")), far),
                10,
                28,
            )
            + table(
                "QUANTILE",
                "z / t in powers of w = (t - MIDDLE) / (t + MIDDLE), where Q(z) = e^(-t^2/2), 1.66 <= t <= 38.7",
                quantile,
                (variable(mpf("1.66")), far),
                0,
                17,
            )
            + table(
                "CENTRAL",
                "z / q in powers of q^2, where P(0 < Z < z) = q <= 1/4",
                central,
                (mpf(0), mpf("0.0626")),
                0,
                7,
            )
        )


if __name__ == "__main__":
    print(tables(), end="")
