"""What is wrong with an operation, before it is worded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from compile.analysis.facts import Fact
from dag.values.types import Type

#: Every whole number up to this one is a float.
LARGEST_EXACT = 1 << 53


@dataclass(frozen=True, slots=True)
class Hazard:
    """What is wrong with an operation: its code, which operand is to blame (None: all), what was expected, and how to fix it.

    `instead` is what the user may have meant; it comes before the rest of the fix.
    """

    code: str
    operand: int | None
    expected: str
    got: str
    fix: str
    instead: str = ""


Texts = tuple[str, ...]

Judge = Callable[[Texts, tuple[Fact, ...], tuple[Type, ...]], Hazard | None]
