"""Six signals voted, all computed from one order book: six times the confidence, once the information."""

from dataclasses import dataclass
from typing import Annotated

from dagc import domain, feed, independent, lane

Signal = Annotated[float, independent("votes")]
FromBook = Annotated[float, domain(-1.0, 1.0), feed("binance book")]


@dataclass(frozen=True)
class Book:
    imbalance: FromBook
    slope: FromBook
    trades: FromBook


@lane
def vote(signals: tuple[Signal, Signal, Signal, Signal, Signal, Signal]) -> float:
    count = 0.0
    for signal in signals:
        count = count + (1.0 if signal > 0.0 else -1.0)
    return count


@lane
def direction(book: Book) -> float:
    pressure = book.imbalance - book.slope
    flow = book.trades * book.imbalance
    return vote((book.imbalance, book.slope, book.trades, pressure, flow, -flow))
