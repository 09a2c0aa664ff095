"""Values that are asked for their age, or whether they are warm, in whatever words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import carry, domain, lane, max_age, params, unit, warm

Price = Annotated[float, unit("px"), domain(1.0, 1e6)]
Seconds = Annotated[float, unit("s"), domain(0.0, 1e6)]
Quote = Annotated[float, unit("px"), domain(1.0, 1e6), max_age(300.0, age="age")]


@params
class Tuning:
    share: Annotated[float, domain(0.0, 1.0)] = 0.5
    patience: Annotated[float, unit("s"), domain(0.0, 300.0)] = 60.0


@dataclass(frozen=True)
class Settled:
    value: Price
    ready: bool


@lane
def difference(mid: Price, quote: Quote, age: Seconds) -> Price:
    if age > 256.0:
        return 0.0
    return mid - quote


@lane
def smooth(x: Price, p: Tuning) -> Price:
    level = carry(initial=x)
    level = level + p.share * (x - level)
    return level


@lane
def held(quote: Quote, age: Seconds, p: Tuning) -> Price:
    return smooth(quote, p, when=age <= p.patience, initial=1.0)


@lane
def flagged(score: Annotated[float, max_age(60.0, age="fresh")], fresh: bool) -> bool:
    return fresh and score > 0.0


@lane
def settled(mid: Price, p: Tuning) -> Settled:
    level = carry(initial=mid, warm_up=20)
    ready = warm(level)
    level = level + p.share * (mid - level)
    return Settled(level, ready)


@lane
def used(mid: Price, p: Tuning) -> Price:
    average = settled(mid, p)
    return average.value if average.ready else mid
