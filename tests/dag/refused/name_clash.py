from dataclasses import dataclass

from dag import carry, lane, params


@params
class Band:
    width: float = 1.0


@dataclass(frozen=True)
class Quote:
    width: float


@lane
def banded(quote: Quote, band: Band) -> float:
    return quote.width * band.width


@lane
def twice(x: float) -> float:
    level = carry(initial=x)
    level = carry(initial=0.0)
    return level


@dataclass(frozen=True)
class Reading:
    level: float


@lane
def average(x: float) -> float:
    level = carry(initial=x)
    level = level + 0.1 * (x - level)
    return level


smooth = average


@lane
def read(x: float) -> float:
    average = Reading(level=x + 1.0)
    return smooth(x) + average.level


@dataclass(frozen=True)
class Verdict:
    status: float


@lane
def judge(x: float) -> Verdict:
    return Verdict(status=x)
