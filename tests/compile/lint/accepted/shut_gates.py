"""Sinks that are idle wherever their gate is shut, in whatever words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import domain, gate, lane, sink, unit

Size = Annotated[float, unit("usd"), domain(0.0, 1e6)]
Vol = Annotated[float, domain(0.0, 1.0)]


@dataclass(frozen=True)
class Order:
    size: Annotated[float, unit("usd"), sink(key=None, gate="family_live")]


@lane
def family_live(blocked: bool) -> Annotated[bool, gate("hard")]:
    return not blocked


@lane
def chosen(blocked: bool, size: Size) -> Order:
    return Order(size if family_live(blocked) else 0.0)


@lane
def returned_early(blocked: bool, size: Size) -> Order:
    if not family_live(blocked):
        return Order(0.0)
    return Order(size)


@lane
def masked(blocked: bool, size: Size) -> Order:
    return Order(size * (1.0 if family_live(blocked) else 0.0))


@lane
def capped(blocked: bool, size: Size) -> Order:
    limit: Size = 1e6 if family_live(blocked) else 0.0
    return Order(min(size, limit))


@lane
def forced_where_it_cannot_be(blocked: bool, vol: Vol, size: Size) -> Order:
    forced = vol > 2.0
    return Order(size if family_live(blocked) or forced else 0.0)


@lane
def forced_by_what_excludes_itself(blocked: bool, vol: Vol, size: Size) -> Order:
    forced = vol > 0.75 and vol < 0.25
    return Order(size if family_live(blocked) or forced else 0.0)
