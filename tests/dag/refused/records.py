"""Records and lists as Python has them, and how a lane writes it."""

from dataclasses import dataclass

from dag import carry, lane


@dataclass(frozen=True)
class Bar:
    open: float
    close: float


@lane
def used_as_a_tuple(bar: Bar) -> float:
    first, last = bar
    total = sum(each for each in bar)
    return bar[0] + max(bar) + first + last + total


@lane
def changed(bar: Bar) -> float:
    bar.close = 2.0
    other = bar._replace(close=1.0)
    return other.close


@lane
def given_as_a_tuple(x: float) -> Bar:
    return x, x


@lane
def given_as_a_dict(x: float) -> Bar:
    return {"open": x, "close": x}


@lane
def kept_in_a_list(x: float, i: int) -> float:
    past = carry(initial=[0.0] * 5)
    past[i] = x
    past.append(x)
    return past[0]


@lane
def kept_in_a_tuple(x: float) -> float:
    past = carry(initial=(0.0,) * 5)
    past[2] = x
    past.appendleft(x)
    return past[0]


@lane
def modular(n: int) -> int:
    return pow(n + 1, 3, 7)
