"""What people reach for first, and what each message sends them to."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np

from dag import lane, sum_seq, window
from dag.language.lift import lift


@dataclass
class Tuned:
    length: int = 14
    share: float = 0.01


@lane
def greatest(x: float) -> float:
    past = window(x, 50)
    return max(past)


@lane
def greatest_of_both(x: float, y: float) -> float:
    past = window(x, 50)
    return np.max((x, y)) + sum(past) + max(y, past)


@lane
def negated(x: float) -> float:
    past = window(x, 50)
    return -past


@lane
def opened(x: float, now: int) -> float:
    return x if datetime.fromtimestamp(now) else 0.0


@lane
def tuned(x: float, p: Tuned) -> float:
    return x * p.share


@lane
def over_the_last(x: float, n: int) -> float:
    past = window(x, n)
    return sum_seq((v for v in past), 0.0)


class Pair(NamedTuple):
    low: float
    high: float


@dataclass(frozen=True)
class Quote:
    bid: float
    ask: float

    @property
    def mid(self) -> float:
        return (self.bid + self.ask) / 2.0


@lane
def from_python(x: float, y: float, n: int, q: Quote) -> float:
    quotient, rest = divmod(n, 3)
    least = sorted((x, y))[0]
    pair = Pair(x, y)
    above = any(v > 1.0 for v in (x, y))
    return q.mid + least if above else pair.low + quotient + rest


def two_results(entry: float, stop: float):  # type: ignore[no-untyped-def]
    distance = abs(entry - stop)
    return distance, distance > 1.0


two = lift(two_results)
