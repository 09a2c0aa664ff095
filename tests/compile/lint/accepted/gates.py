"""Gates that decide last, in whatever words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from dagc import carry, domain, gate, lane, safe, sink, unit

Allowed = Annotated[bool, gate("hard")]
Usd = Annotated[float, unit("usd"), domain(0.0, 1e6)]


class Action(Enum):
    NONE = 0
    BUY = 1
    SELL = 2


@dataclass(frozen=True)
class Order:
    enter: Annotated[bool, sink(key="order_id")]
    size: Annotated[float, unit("usd"), sink(key="order_id")]
    hold: Annotated[bool, safe(True), sink(key=None)]
    action: Annotated[Action, safe(Action.NONE), sink(key=None)]
    order_id: int


@lane
def family_allowed(blocked: bool) -> Allowed:
    """Whether the family may trade at all."""
    return not blocked


@lane
def order(signal: bool, blocked: bool, override: bool, capital: Usd) -> Order:
    count = carry(initial=0)
    armed = carry(initial=False)
    allowed = family_allowed(blocked)
    armed = (armed or override) and bool(allowed)
    count = (count + 1) % 1024
    action = Action.NONE
    if armed:
        action = Action.BUY if signal else Action.SELL
    if armed and signal:
        size = capital
    elif override and allowed:
        size = 1.0
    else:
        size = 0.0
    return Order(enter=armed and signal, size=size, hold=not armed, action=action, order_id=count)
