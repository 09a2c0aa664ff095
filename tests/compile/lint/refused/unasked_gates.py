"""Orders that leave out the gate that stands beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import gate, lane, sink


@dataclass(frozen=True)
class Armed:
    entry: Annotated[bool, gate("hard")]
    why: int


@dataclass(frozen=True)
class Order:
    buy: Annotated[bool, sink(key=None)]
    note: Annotated[bool, sink(key=None, gate=None)]


@dataclass(frozen=True)
class GuardedOrder:
    buy: Annotated[bool, sink(key=None, gate="family_live")]


@lane
def family_live(blocked: bool, known: bool) -> Annotated[bool, gate("hard")]:
    return known and not blocked


@lane
def armed(open_: bool) -> Armed:
    return Armed(open_, 3 if open_ else 4)


@lane
def never_asks(signal: bool) -> Order:
    return Order(signal, signal)


@lane
def asks_another(signal: bool, open_: bool) -> GuardedOrder:
    return GuardedOrder(signal and armed(open_).entry)


@lane
def asks_too_little(signal: bool, blocked: bool, known: bool) -> GuardedOrder:
    return GuardedOrder(signal or family_live(blocked, known))
