"""Lanes over values along an axis: maps, operators, folds, places, records, state of each place and of all, held calls."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from dagc import (
    T,
    V,
    Vector,
    carry,
    domain,
    float32,
    int32,
    lane,
    leading_zeros,
    like,
    lookup,
    max_seq,
    min_seq,
    multiply_high,
    params,
    sum_pairwise,
    sum_seq,
    unit,
    warm,
)

Price = Annotated[float, unit("px"), domain(above=0.0)]
Qty = Annotated[float, domain(0.0, 1e6)]
Signal = Annotated[float, domain(-1e300, 1e300)]


class Asset(Enum):
    """What is traded."""

    BTC = "btc"
    ETH = "eth"
    SOL = "sol"
    XRP = "xrp"
    ADA = "ada"


class Side(Enum):
    """Which way."""

    BUY = 1
    SELL = -1


class Assets(Vector[T], labels=Asset):
    """The universe, by name."""


class Levels(Vector[T], length=3):
    """Of a book, best first."""


@dataclass(frozen=True)
class Level:
    """What stands at one price."""

    price: Price
    size: Qty


@params
class Momentum:
    """Of the average."""

    window: Annotated[float, domain(1.0, 1000.0)] = 20.0


@lane
def momentum(x: Price, p: Momentum) -> Price:
    """The distance of x from its average."""
    slow = carry(initial=x)
    slow = slow + 2.0 / (p.window + 1.0) * (x - slow)
    return x - slow


@lane
def relative(prices: Assets[Price], traded: Assets[bool], p: Momentum) -> Assets[Price]:
    """Momentum beyond that of all; each place moves on its own bars."""
    raw = Assets(momentum(x, p, when=t, initial=0.0) for x, t in zip(prices, traded, strict=True))
    total = sum_seq((abs(r) for r, t in zip(raw, traded, strict=True) if t), 0.0)
    return raw - Assets(total / 5.0 if t else 0.0 for t in traded)


@lane
def cost_to_buy(asks: Levels[Level], size: Qty) -> Price:
    """What it costs to buy `size`, level by level."""
    left, cost = size, 0.0
    for level in asks:
        filled = min(left, level.size)
        cost = cost + filled * level.price
        left = left - filled
    return cost


@dataclass(frozen=True)
class Folds:
    """One value of all places."""

    squares: float
    least: float
    most: float
    some: bool
    every: bool
    whole: int
    largest: int
    first_greatest: float
    halves: float
    held: int


@lane
def folds(x: Assets[Signal], ok: Assets[bool], n: Assets[int]) -> Folds:
    """Every fold, some of them of a part of the places."""
    return Folds(
        squares=sum_seq((v * v for v, o in zip(x, ok, strict=True) if o), -0.0),
        least=min_seq((v for v, o in zip(x, ok, strict=True) if o), 5.0),
        most=max_seq((v for v, o in zip(x, ok, strict=True) if o), -5.0),
        some=any(v > 1.0 for v in x),
        every=all(v > -10.0 for v, o in zip(x, ok, strict=True) if o),
        whole=sum_seq((min(max(k, -100), 100) for k, o in zip(n, ok, strict=True) if o), 0),
        largest=max(n),
        first_greatest=max(x),
        halves=sum_pairwise(x),
        held=sum_seq((1 for o in ok if o), 0),
    )


@dataclass(frozen=True)
class Places:
    """Single places, and values that are the same at all or count them."""

    one: float
    computed: float
    of_a_map: float
    shifted: Assets[float]
    numbers: Assets[int]
    uniform: Assets[float]


@lane
def places(x: Assets[Signal], i: Annotated[int, domain(0, 4)]) -> Places:
    """One place by name, by a number of the bar, of a value that is computed."""
    weighted = Assets(v * float(k + 1) for k, v in enumerate(x))
    return Places(
        one=x[Asset.ETH],
        computed=x[i],
        of_a_map=weighted[i],
        shifted=Assets(fill=2.5) + Assets(0.0 for _ in x),
        numbers=Assets(k for k, _ in enumerate(x, 3)),
        uniform=Assets(1.5 for _ in x),
    )


@dataclass(frozen=True)
class Step:
    """Of one place, in every type."""

    up: float
    side: Side
    narrow: float32
    whole: int32


@lane
def step(x: Signal, n: int) -> Step:
    """What one place carries: numbers, a pair, a count that gets warm."""
    count = carry(initial=0, warm_up=3)
    last = carry(initial=x)
    best = carry(initial=(0.0, Side.BUY))
    up = x - last
    last = x
    ready = warm(count)
    count = min(count + 1, 1000)
    side = Side.BUY if up > 0.0 and n != 1 else Side.SELL
    best = (max(best[0], up), side) if ready else best
    return Step(up + float(count) + best[0], best[1], float32(x) * float32(0.1), int32(count))


@lane
def records(x: Assets[Signal], n: Assets[int]) -> Assets[Step]:
    """A record in each place."""
    return Assets(step(a, b) for a, b in zip(x, n, strict=True))


def centred(x: V) -> V:
    """Along any axis: x less its mean."""
    mean = sum_seq(x, 0.0) / float(len(x))
    return like(x, (each - mean for each in x))


@lane
def of_all(x: Assets[Signal], reset: bool) -> tuple[Assets[float], Assets[float]]:
    """A value along the axis that is carried as a whole, and one that takes over what it was before."""
    held = carry(initial=Assets(fill=0.0))
    before = carry(initial=Assets(fill=1.0))
    shown = before
    before = held
    held = Assets(fill=0.25) if reset else Assets(0.5 * h + v for h, v in zip(held, x, strict=True))
    return centred(held), shown


@lane
def choice(v: float, t: bool, s: Side) -> float:
    """Branches and returns, decided at each place."""
    if t and v > 0.0:
        return v * 2.0
    z = v + 1.0 if s == Side.SELL else v - 1.0
    return min(z, 3.0) if t or z < 0.0 else max(z, -1.0)


@lane
def chosen(x: Assets[Signal], t: Assets[bool], s: Assets[Side]) -> Assets[float]:
    """Operators on whole values, beside single ones."""
    y = Assets(choice(v, tt, ss) for v, tt, ss in zip(x, t, s, strict=True))
    return -(y**2) + abs(x) * 2.0 - 3.0 / Assets(v * v + 1.0 for v in x)


@lane
def negated(x: Assets[bool], y: Assets[bool]) -> tuple[Assets[bool], bool]:
    """What stands in memory as a word, under operators that bind tighter than a comparison with 0."""
    was = carry(initial=Assets(fill=True))
    found = Assets((not a) == (not w) for a, w in zip(x, was, strict=True))
    was = y
    return found, any(not a for a in x)


@lane
def begun(x: Assets[Signal], t: Assets[bool], n: Annotated[int, domain(0, 4)]) -> tuple[Assets[float], float, float]:
    """Places of what has no node yet when it is read: a state that begins with a literal, literals chosen at each place."""
    s = carry(initial=Assets(fill=0.5))
    chosen = Assets((0.25 if v > 0.0 else -1.0) if b else 3.0 for b, v in zip(t, x, strict=True))
    one = s[1] + s[n] - chosen[2] * chosen[n]
    total = Assets(0.0 for _ in s)
    for other, literal in zip(s, chosen, strict=True):
        total = Assets(a + other * literal if other < v else a for a, v in zip(total, s, strict=True))
    s = x
    return total, one, chosen[0]


@lane
def repeated(x: Assets[Signal], t: Assets[bool], n: Assets[int], on: bool) -> tuple[Assets[bool], Assets[bool], int]:
    """The same at all places, beside values of several types."""
    count = sum_seq((1 for _ in t), 0) + sum_seq((1 for _ in n), 0) + sum_seq((1 for _ in x), 0)
    return Assets(on for _ in x), Assets(on for _ in t), count


@lane
def swapped(x: Assets[bool]) -> tuple[Assets[bool], Assets[bool]]:
    """Two states, one of which takes over the other as it was."""
    a = carry(initial=Assets(fill=False))
    b = carry(initial=Assets(fill=True))
    now, other = a, b
    a = other
    b = x
    return now, other


#: Chosen from at every place.
TABLE = (3, -1, 4, 1, -5, 9, 2, 6)


@lane
def hashed(n: Assets[int]) -> tuple[Assets[int], int]:
    """Words, and a constant table that every place looks up in."""
    found = Assets(lookup(TABLE, each) ^ leading_zeros(multiply_high(each, -7046029254386353131)) for each in n)
    return found, sum_seq(found, 0)


LANES = (hashed, relative, cost_to_buy, folds, places, records, of_all, chosen, begun, negated, repeated, swapped)
