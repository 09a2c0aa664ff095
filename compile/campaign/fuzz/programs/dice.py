"""Chance for the writers of programs: the same numbers on every machine and in every version of Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Everything is drawn with `random()`, the one method of Python's generator whose sequence is promised to stay."""

    def __init__(self, seed: int, number: int) -> None:
        self._draw = random.Random(f"dagc program {seed}:{number}").random

    def below(self, n: int) -> int:
        """An integer from 0 to n - 1."""
        return int(self._draw() * n)

    def chance(self, share: float) -> bool:
        """True in this share of calls."""
        return self._draw() < share

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in another order."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in items]
