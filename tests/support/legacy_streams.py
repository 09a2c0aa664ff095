"""Code with state as a codebase may have it: the same average as a class, a closure and a generator; and code that is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from typing import Any


class Baseline:
    """A class whose bar is `update`."""

    def __init__(self, span: float, form: int = 0) -> None:
        self.alpha = 2.0 / (span + 1.0)
        self.form = form
        self.level = 0.0
        self.count = 0

    def update(self, basis: float) -> tuple[float, int]:
        self.level = self.next_level(basis) if self.count else basis
        self.count += 1
        return self.level, self.count

    def next_level(self, basis: float) -> float:
        if self.form == 0:
            return self.level + self.alpha * (basis - self.level)
        return self.alpha * basis + (1.0 - self.alpha) * self.level


class ForgetfulBaseline(Baseline):
    """Its count starts again after seven ticks."""

    def update(self, basis: float) -> tuple[float, int]:
        self.count %= 7
        return super().update(basis)


def make_baseline(span: float, form: int) -> Callable[[float], tuple[float, int]]:
    """A closure."""
    baseline = Baseline(span, form)

    def tick(basis: float) -> tuple[float, int]:
        return baseline.update(basis)

    return tick


def baseline_generator(span: float, form: int) -> Generator[Any, float, None]:
    """A generator: every `yield` takes a basis."""
    baseline = Baseline(span, form)
    answer: Any = None
    while True:
        basis = yield answer
        answer = baseline.update(basis)


def composed(
    base: float, dc: float, regime: float, esof: float, base_max: float, posture: int, p: Any
) -> dict[str, float]:
    """The composition of five factors whose author forgot the order book."""
    e = esof if p.esof_in else 1.0
    raw = base * dc * regime * e
    cap = min(base_max * regime * e, p.abs_max)
    if p.stalker_on and posture == 1:
        cap = min(cap, p.stalker_cap)
    lev = min(raw, cap)
    return {"lev": max(p.lo, lev) if p.floor_on else lev}


def decayed(x: float, rate: float) -> float:
    return math.exp(-rate * x) * math.log1p(x)


def halved(x: float) -> float:
    return x / 2.0


def inverse(x: float) -> float:
    return 1.0 / x


def shifted(t: float | None, q: float) -> float:
    return q if t is None else t + q
