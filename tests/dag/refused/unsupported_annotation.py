from dataclasses import dataclass

from dag import lane


@dataclass
class Quote:
    bid: float
    ask: float


@lane
def mean(xs: list[float]) -> float:
    return xs[0]


@lane
def mid(q: Quote) -> tuple[float, ...]:
    return (0.5 * (q.bid + q.ask),)
