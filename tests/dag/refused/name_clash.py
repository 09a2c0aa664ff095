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


@lane
def widened(band: float) -> float:
    widened_again = inner(band)
    return widened_again


@lane
def inner(x: float) -> float:
    return x
