"""Chance for the writers of programs: the same numbers on every machine and in every version of Python."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

#: The least and the greatest draw: what stands for "the first" and for "no".
_LEAST, _GREATEST = 0.0, 1.0 - 2.0**-53


class Dice:
    """Everything is drawn with `random()`, the one method of Python's generator whose sequence is promised to stay.

    `drawn` is what was drawn so far. Dice made from draws give these, in their order; once they are used up, `below` gives 0 and
    `chance` False.
    """

    def __init__(self, draw: Callable[[], float | None]) -> None:
        self._draw = draw
        self.drawn: list[float] = []
        self.is_used_up = False

    @classmethod
    def seeded(cls, seed: int, number: int) -> Dice:
        """Those of program `number` of `seed`."""
        return cls(random.Random(f"dagc program {seed}:{number}").random)

    @classmethod
    def replaying(cls, draws: Sequence[float]) -> Dice:
        """Those that give `draws`."""
        left = iter(draws)
        return cls(lambda: next(left, None))

    def _next(self, otherwise: float) -> float:
        drawn = self._draw()
        self.is_used_up = drawn is None
        if drawn is None:
            return otherwise
        self.drawn.append(drawn)
        return drawn

    def below(self, n: int) -> int:
        """An integer from 0 to n - 1."""
        return int(self._next(_LEAST) * n)

    def chance(self, share: float) -> bool:
        """True in this share of calls."""
        return self._next(_GREATEST) < share

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in another order."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in items]
