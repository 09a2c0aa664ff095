"""Lanes of every kind of state, port and result: what a lane on numbers has to be matched with its graph in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Annotated

from dag import (
    array,
    carry,
    domain,
    float32,
    int32,
    lane,
    params,
    persistent,
    put,
    safe,
    sum_seq,
    unit,
    warm,
    window,
)

X = Annotated[float, domain(-1e6, 1e6)]


class Way(Enum):
    UP = "up"
    FLAT = "flat"
    DOWN = "down"


@dataclass(frozen=True)
class Tick:
    bid: Annotated[float, domain(1.0, 1e5)]
    ask: Annotated[float, domain(1.0, 1e5)]
    way: Way


@dataclass(frozen=True)
class Seen:
    mid: Annotated[float, safe(-1.0)]
    way: Way
    ticks: int


@params
class Fast:
    weight: Annotated[float, domain(0.0, 1.0)] = 0.5
    bars: Annotated[int, domain(1, 5)] = 3


@params
class Slow:
    weight: Annotated[float32, domain(0.0, 1.0)] = 0.25
    fast: Fast = Fast()


@lane
def average(x: X, p: Fast) -> float:
    level = carry(initial=x, warm_up=p.bars)
    ready = warm(level)
    level = level + p.weight * (x - level)
    return level if ready else x


@lane
def records(tick: Tick) -> Seen:
    """Records in and out, a record and a tuple carried, an Enum among them."""
    last = carry(initial=Seen(mid=0.0, way=Way.FLAT, ticks=0))
    pair = carry(initial=(0.0, 0))
    mid = (tick.bid + tick.ask) * 0.5
    last = Seen(mid=mid, way=tick.way if mid > last.mid else Way.DOWN, ticks=(last.ticks + 1) % 1000)
    pair = (mid, last.ticks if tick.way is Way.UP else pair[1])
    return Seen(mid=pair[0], way=last.way, ticks=pair[1])


@lane
def twice(x: X, y: X, a: Fast, b: Slow) -> tuple[float, float]:
    """One lane called from three places: in a loop, in the arguments of a held call, and in what says when that updates."""
    far = 0.0
    for k in range(2):
        far = far + average(x + float(k), a)
    rare = average(average(y, a), b.fast, when=average(x, b.fast) > average(y, a), initial=far)
    return far, rare


@lane
def narrow(x: Annotated[float32, domain(-1e6, 1e6)], n: int32, p: Slow) -> float32:
    level = carry(initial=float32(0.0))
    level = level + p.weight * (x - level)
    return level * float32(n % 7)


@lane
def windowed(x: X, when: bool) -> float:
    past = window(x, 4)
    some = window(x, 4, when=when)
    last = carry(initial=x, when=when, lifetime=persistent(max_age=3600.0))
    last = x
    steps = sum_seq((b - a for a, b in pairwise(past)), 0.0)
    return steps + sum_seq((v for v in some), 0.0) + (some[-1] if len(some) > 0 else last)


@lane
def ringed(x: X, n: Annotated[int, domain(0, 7)]) -> float:
    ring = carry(initial=array(8, 0.0))
    if x > 0.0:
        ring = put(ring, n, x)
    return ring[(n + 3) % 8]


@lane(subnormals="flush")
def flushing(x: Annotated[float, domain(-1.0, 1.0)]) -> float:
    """Python keeps what the graph flushes: the trace is compared with the graph before that."""
    level = carry(initial=0.0)
    level = level * 1e-150 + x * 1e-180
    return level * 1e-125


@lane
def early(x: X, cap: Annotated[float, unit("1"), domain(0.0, 10.0)]) -> float:
    total = carry(initial=0.0)
    if x < 0.0:
        return total
    total = min(total + x, cap)
    if total >= cap:
        total = 0.0
        return cap
    return total


@params
class OurWords:
    cls: float = 2.0
    row: float = 0.5


@lane
def named_as_ours(lane: float, self: OurWords, /, batch: float) -> float:
    """Names that whatever builds the arguments has too, some of them given by place only."""
    result = carry(initial=lane)
    result = result * self.row + self.cls * batch
    return result
