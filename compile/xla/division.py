"""Python's `//` and `%` of integers: total, flooring, without the division that hardware traps on."""

from __future__ import annotations

from compile.xla.statements import Statements


def floor_quotient() -> str:
    """The body of `idiv`: 0 where b is 0; the one overflow wraps."""
    s, zero, _, quotient, inexact_below = _divided()
    floored = s.integers("subtract", quotient, s.flag(inexact_below))
    minus = s.integers("subtract", zero, "%a")
    floored = s.select(s.compare("EQ", "%b", s.integer(-1)), minus, floored)
    return s.result(s.select(s.compare("EQ", "%b", zero), zero, floored), "I").text


def floor_remainder() -> str:
    """The body of `imod`: of the sign of b; 0 where b is 0, as of the 1 that divides in its place."""
    s, _, remainder, _, inexact_below = _divided()
    return s.result(s.select(inexact_below, s.integers("add", remainder, "%b"), remainder), "I").text


def _divided() -> tuple[Statements, str, str, str, str]:
    """Zero, remainder and quotient toward zero, and whether flooring takes one more. 1 divides in place of 0 and -1."""
    s = Statements()
    zero = s.integer(0)
    special = s.either(s.compare("EQ", "%b", zero), s.compare("EQ", "%b", s.integer(-1)))
    divisor = s.select(special, s.integer(1), "%b")
    quotient = s.integers("divide", "%a", divisor)
    remainder = s.integers("subtract", "%a", s.integers("multiply", quotient, divisor))
    inexact = s.compare("NE", remainder, zero)
    signs_differ = s.differ(s.compare("LT", "%a", zero), s.compare("LT", divisor, zero))
    return s, zero, remainder, quotient, s.both(inexact, signs_differ)
