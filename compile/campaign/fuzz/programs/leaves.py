"""What expressions begin with: literals, variables that are there already, whole numbers held in a range."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from compile.campaign.fuzz.programs.kinds import SMALL, Float
from compile.campaign.fuzz.programs.pen import Number, Pen

#: Numbers that optimisers like, decimals, ties.
FLOATS = (
    "0.0", "1.0", "2.0", "0.5", "0.1", "3.0", "10.0", "0.25", "1e-3", "100.0", "1.5", "2.5", "7.0", "1e6", "0.3", "1e-9", "49.0",
)  # fmt: skip
WHOLES = (0, 1, 2, 3, 5, 7, 10, 63, 64, 100, 255, 1000)
#: Units of the floats that have one.
UNITS = ("px", "bps")
#: What a wide number is clamped to.
_CLAMPS = ((-1000, 1000), (0, 63), (-7, 7), (0, 1), (-100000, 100000))
#: Forms that are drawn before a leaf is written instead.
_TRIES = 6

T = TypeVar("T")


def formed(pen: Pen, depth: int, forms: Sequence[Callable[..., T | None]], leaf: Callable[..., T], *given: object) -> T:
    """One of `forms`, called as `form(pen, *given, depth - 1)`: the first drawn that can be written here (None: it cannot).

    A leaf, `leaf(pen, *given)`, at depth 0, when nothing is left to draw or none of the forms drawn can be written.
    """
    for _ in range(_TRIES if depth > 0 and not pen.dice.is_used_up else 0):
        found = pen.dice.pick(forms)(pen, *given, depth - 1)
        if found is not None:
            return found
    return leaf(pen, *given)


def literal(pen: Pen) -> str:
    """A float, at times a negative one."""
    text = pen.dice.pick(FLOATS)
    return f"(-{text})" if pen.dice.chance(0.2) else text


def variable(pen: Pen, unit: str) -> str | None:
    """A float that is there already."""
    found = pen.readable(Float(unit))
    return pen.dice.pick(found)[0] if found else None


def modest(pen: Pen, depth: int) -> Number:
    """A whole number that may be computed with."""
    number = pen.whole(depth)
    if number.lo >= -SMALL and number.hi <= SMALL:
        return number
    return clamped(pen, number, *pen.dice.pick(_CLAMPS))


def clamped(pen: Pen, number: Number, lo: int, hi: int) -> Number:
    """The number, held in a range, in one of the ways in which one writes that."""
    text = number.text
    forms = [f"min(max({text}, {lo}), {hi})", f"max(min({text}, {hi}), {lo})", f"max({lo}, min({hi}, {text}))"]
    return Number(pen.dice.pick(forms), lo, hi)
