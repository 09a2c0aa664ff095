from enum import Enum

from dag import lane


class Side(Enum):
    LONG = 1
    SHORT = -1


@lane
def gained(x: float, side: Side) -> float:
    up = x * (x > 0.0)
    signed = side * x  # type: ignore[operator]
    both = x and up
    low = min(x, side)  # type: ignore[type-var]
    steps = halved(x)
    mixed = x if x > 0.0 else side
    if both:
        x = 1.0
    return (low, steps, mixed)  # type: ignore[return-value]


@lane
def joined(a: float, flag: bool) -> float:
    pair = (a, flag)
    if flag:
        pair = (flag, a)
    return pair[0] + pair + (a < flag)  # type: ignore[operator]


@lane
def halved(n: int) -> float:
    return n / 2
