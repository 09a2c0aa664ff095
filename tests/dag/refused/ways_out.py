"""What people reach for first, and what each message sends them to."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from dag import lane, sum_seq, window
from dag.lift import lift


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


def two_results(entry: float, stop: float):  # type: ignore[no-untyped-def]
    distance = abs(entry - stop)
    return distance, distance > 1.0


two = lift(two_results)
