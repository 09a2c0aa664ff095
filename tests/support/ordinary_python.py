"""Lanes in the Python that people write every day: methods, properties, constants of classes, `match`, functions of `math`."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Annotated, ClassVar, Final, NewType

from dag import carry, domain, lane, params, sqrt, sum_seq
from lanes.elementary import pown

Real = Annotated[float, domain(-10.0, 10.0)]
Quoted = Annotated[float, domain(1.0, 1e6)]
Small = Annotated[int, domain(-9, 9)]
Price = NewType("Price", float)
LEVELS = [1.0, 2.0, 3.0]


@dataclass(frozen=True)
class Pair:
    low: Real
    high: Real
    TICK: ClassVar[float] = 0.25
    BOTH: ClassVar[tuple[int, float]] = (3, 0.5)

    @property
    def width(self) -> float:
        return self.high - self.low

    @property
    def cubed(self) -> float:
        return self.width**3

    @classmethod
    def around(cls, middle: float, width: float) -> Pair:
        return cls(middle - width, middle + width)

    @staticmethod
    def half(x: float) -> float:
        return x / 2.0

    def weighted(self, share: float = 0.5) -> float:
        level = carry(initial=self.low)
        level = level + share * (self.width - level)
        return level**3 + Pair.half(self.high)


class Way(Enum):
    UP = "up"
    DOWN = "down"

    @property
    def other(self) -> Way:
        return Way.DOWN if self is Way.UP else Way.UP

    def sign(self) -> float:
        return 1.0 if self == Way.UP else -1.0


class Level(IntEnum):
    LOW = 0
    HIGH = 3


@params
class Smoothing:
    window: Annotated[float, domain(1.0, 100.0)] = 10.0

    @property
    def alpha(self) -> float:
        return 2.0 / (self.window + 1.0)


class Limits:
    MOST = 7.5
    TABLE = {"a": 0.5, "b": -2.0}  # noqa: RUF012 - a table as people write it


@lane
def methods(pair: Pair, x: Real) -> float:
    wide = Pair.around(x, pair.width)
    return pair.weighted() + wide.weighted(share=0.25) + pair.cubed + pair.half(x) + Pair.TICK + wide.BOTH[1]


@lane
def methods_of_members(way: Way, x: Real) -> float:
    return x * way.sign() + way.other.sign() * 3.0 + Way.DOWN.sign()


@lane
def properties_of_parameters(x: Real, p: Smoothing) -> float:
    level = carry(initial=x)
    level += p.alpha * (x - level)
    return level


@lane
def constants(x: Annotated[Price, domain(-10.0, 10.0)]) -> Price:
    weighted: Final[float] = sum_seq(tuple(weight * x for _, weight in Limits.TABLE.items()))
    total = weighted
    for level in LEVELS:
        total += level
    for key in Limits.TABLE:
        total -= Limits.TABLE[key]
    first, *others, last = (*LEVELS, total)
    return Price(min(first + others[0] * others[-1] + last + len(others) + len(Limits.TABLE), Limits.MOST))


@lane
def matched(x: Real, way: Way, level: Level) -> tuple[float, float, float]:
    match way:
        case Way.UP:
            y = x
        case Way.DOWN if x > 0.0:
            y = -x
        case _:
            y = 0.5
    z = 0.25
    match level:
        case Level.LOW | Level.HIGH:
            z = y
    match int(x):
        case 1 | -1:
            return 1.0, y, z
        case n if n > 7:
            match x > 8.5:
                case True:
                    y = 4.0
                case False:
                    y = float(n)
        case other:
            z = float(other)
    return x, y, z


@lane
def functions_of_python(x: Real, y: Real, n: Small) -> tuple[float, int, int, float, int, float]:
    quotient, remainder = divmod(n, 4)
    best = max((x, y), default=0.0)
    return math.copysign(x, y), quotient, remainder, math.copysign(2, -0.0 * x), round(n, 2), operator.mul(best, y)


@lane
def sign_of_a_nan(x: Annotated[float, domain(-1e308, 1e308)]) -> float:
    return math.copysign(1.0, x * 1e10 - x * 1e10)


@lane
def whole_powers(x: Annotated[float, domain(0.5, 4.0)], n: Small) -> tuple[float, float]:
    return pown(x, -2), pown(x, n)


@params
class Spans:
    fast: Annotated[float, domain(1.0, 100.0)] = 10.0
    slow: Annotated[float, domain(1.0, 100.0)] = 50.0
    gross: Annotated[float, domain(0.0, 10.0)] = 1.0


@lane
def trend(price: Quoted, p: Spans) -> float:
    """Carried names that are called as parameters are."""
    fast = carry(initial=price)
    slow = carry(initial=price)
    fast += 2 / (p.fast + 1) * (price - fast)
    slow += 2 / (p.slow + 1) * (price - slow)
    return fast / slow - 1 if slow > 0.0 else 0.0


@lane
def portfolio(prices: tuple[Quoted, Quoted, Quoted], p: Spans) -> tuple[tuple[float, float, float], int]:
    """The weights of three assets by their trends, and which has the greatest."""
    scores = tuple(trend(x, p) for x in prices)
    mean = sum_seq(scores) / len(scores)
    variance = sum_seq(tuple((score - mean) * (score - mean) for score in scores)) / len(scores)
    z = tuple((score - mean) / max(sqrt(max(variance, 0.0)), 1e-12) for score in scores)
    size = max(sum_seq(tuple(abs(each) for each in z)), 1e-12)
    most, best = scores[0], 0
    for place, score in enumerate(scores[1:], start=1):
        most, best = (score, place) if score > most else (most, best)
    first, second, third = tuple(each / size * p.gross for each in z)
    return (first, second, third), best


LANES = (
    methods, methods_of_members, properties_of_parameters, constants, matched, functions_of_python, sign_of_a_nan,
    whole_powers, trend, portfolio,
)  # fmt: skip
