"""What people write in Python every day and a lane does not have: each with what to write instead, in the author's own words."""

import functools
import math
import operator
from dataclasses import dataclass, field
from enum import Enum, Flag
from typing import Annotated, Literal, NamedTuple, Optional

import numpy as np

from dagc import array, carry, domain, float32, int32, lane, unit, window

Price = Annotated[float, unit("px")]
Bps = Annotated[float, unit("bps")]


class Side(Enum):
    BUY = 1
    SELL = 2


class Regime(Enum):
    CALM = "calm"
    WILD = "wild"


class Rights(Flag):
    READ = 1
    WRITE = 2


class Quote(NamedTuple):
    bid: float
    ask: float


@dataclass(frozen=True)
class Spread:
    width: float
    half: float = field(init=False)


@dataclass(frozen=True)
class Checked:
    width: float

    def __post_init__(self) -> None:
        if self.width < 0.0:
            raise ValueError(self.width)


def scaled(x: float, k: float) -> float:
    return x * k


doubled = functools.partial(scaled, k=2.0)


@lane
def numpys(x: float, y: float) -> float:
    known = np.nan_to_num(x)
    spread = np.std((x, y))
    total = np.add(x, y)
    grown = np.exp(x)
    return known + spread + total + grown


@lane
def functions(x: float, y: float, h: float32) -> float:
    total = functools.reduce(operator.add, (x, y), 0.0)
    sizes = tuple(map(abs, (x, y)))
    largest = max((x, y), key=abs)
    signed = math.copysign(h, x)
    most = math.fmax(x, y)
    return total + sizes[0] + largest + signed + most + doubled(x)


@lane
def powers(x: float, n: int) -> float:
    return 2**n + x**n + 2.0**x + round(x, -2) + round(n, -3)


@lane
def kept(side: Side, regime: Regime) -> int:
    sides = window(side, 5)
    regimes = window(regime, 5)
    ring = carry(initial=array(8, Side.BUY))
    return len(sides) + len(regimes) + len(ring)


@lane
def begun(x: float, n: int32) -> float:
    ring = carry(initial=array(0.0, 8))
    fast, slow = carry(initial=(0.0, 0.0))
    count = carry(initial=0)
    count = count + n
    return ring[0] + fast + slow + x


@lane
def item_by_item(price: Price) -> tuple[Bps, Price]:
    return price, price


@lane
def declared(quote: Quote, rights: Rights, limit: Optional[float], mode: Literal["a", "b"]) -> float:  # noqa: UP045
    return 0.0


@lane
def constructed(spread: Spread, checked: Checked) -> float:
    return spread.half + checked.width


@lane
async def later(x: float) -> float:
    return x


@lane
def taken_apart(x: Annotated[float, domain(0.0, 1.0)], y: float) -> float:
    match (x, y):
        case (0.0, other):
            return other
        case _:
            return x
