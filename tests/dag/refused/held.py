from dataclasses import dataclass
from typing import Annotated

from dag import carry, lane, params, persistent, unit, warm

Price = Annotated[float, unit("px")]


@params
class Pace:
    bars: float = 3.0


@dataclass(frozen=True)
class Pair:
    a: float
    b: int


@lane
def slow(x: float) -> float:
    level = carry(initial=x)
    level = level + 0.1 * (x - level)
    return level


@lane
def both(x: float) -> Pair:
    return Pair(x, 1)


@lane
def starting(x: float, initial: float) -> float:
    return x + initial


def plain(x: float) -> float:
    return slow(x)


@lane
def no_lane(x: float, on: bool) -> float:
    return plain(x, when=on, initial=0.0)  # type: ignore[call-arg]


@lane
def calls(x: float, price: Price, on: bool, n: int) -> float:
    a = slow(x, when=on)  # type: ignore[call-overload]
    b = slow(x, when=n, initial=0.0)
    c = slow(x, when=on, initial=on)
    d = slow(x, when=on, initial=price)
    e = both(x, when=on, initial=0.0)
    f = starting(x, when=on, initial=1.0)
    if on:
        a = slow(x, when=x > 0.0, initial=0.0)
    g = slow(x, when=on, initial=0.0) if n > 2 else 0.0
    return a + b + c + d + e.a + f + g


@lane
def names(x: float, n: int, p: Pace) -> float:
    a = carry(initial=x, when=x)  # type: ignore[arg-type]
    b = carry(initial=x, warm_up=p.bars)  # type: ignore[arg-type]
    c = carry(initial=x, warm_up=-1)
    d = carry(initial=x, warm_up=n)
    e = carry(initial=x, lifetime="forever")  # type: ignore[arg-type]
    f = carry(initial=x, lifetime=persistent(max_age=x))
    g = carry(initial=(x, 0), lifetime=persistent(max_age=60.0, cold=1.0))
    h = carry(initial=0.0, lifetime=persistent(max_age=60.0, cold=x))
    i = carry(initial=0.0, until=x)  # type: ignore[call-arg]
    ok = warm(a) and warm(x)
    return a + b + c + d + e + f + g[0] + h + i if ok else 0.0


@lane
def cold_of_another_type(x: Price, flag: bool) -> Price:
    a = carry(initial=0, lifetime=persistent(max_age=60.0, cold=0.5))
    b = carry(initial=flag, lifetime=persistent(60.0, cold=1.0))
    a = a + 1
    b = not b
    return x
