"""Values that are used whatever their age, or before they are warm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import carry, domain, lane, max_age, params, unit

Price = Annotated[float, unit("px"), domain(1.0, 1e6)]
Seconds = Annotated[float, unit("s"), domain(0.0, 1e6)]
Quote = Annotated[float, unit("px"), domain(1.0, 1e6), max_age(300.0, age="age")]


@params
class Tuning:
    share: Annotated[float, domain(0.0, 1.0)] = 0.5
    patience: Annotated[float, unit("s"), domain(0.0, 3600.0)] = 300.0


@dataclass(frozen=True)
class Anchor:
    quote: Quote
    age: Seconds


@lane
def unasked(mid: Price, anchor: Anchor) -> Price:
    return mid - anchor.quote if mid > anchor.quote else 0.0


@lane
def asked_too_late(mid: Price, anchor: Anchor, p: Tuning) -> Price:
    return mid - anchor.quote if anchor.age <= p.patience else 0.0


@lane
def kept(quote: Quote, age: Seconds, p: Tuning) -> Price:
    level = carry(initial=1.0)
    fresh = age < 300.0
    level = level + p.share * (quote - level)
    return level if fresh else 1.0


@lane
def ageless(quote: Quote) -> Price:
    return quote


@lane
def cold(mid: Price, p: Tuning) -> Price:
    level = carry(initial=mid, warm_up=20)
    level = level + p.share * (mid - level)
    return mid - level


@lane
def caller(mid: Price, p: Tuning) -> bool:
    return cold(mid, p) > 0.0
