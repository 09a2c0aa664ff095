"""Gates that something gets around."""

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
    action: Annotated[Action, safe(Action.NONE), sink(key=None)]
    order_id: int


@lane
def family_allowed(blocked: bool) -> Allowed:
    """Whether the family may trade at all."""
    return not blocked


@lane
def order(signal: bool, blocked: bool, override: bool, capital: Usd) -> Order:
    count = carry(initial=0)
    allowed = family_allowed(blocked)
    armed = override or (signal and allowed)
    count = (count + 1) % 1024
    return Order(
        enter=armed and signal,
        size=capital if allowed else 1.0,
        action=Action.BUY if armed else Action.NONE,
        order_id=count,
    )
