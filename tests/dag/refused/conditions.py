from enum import Enum
from itertools import product

from dag import carry, lane


class Side(Enum):
    BUY = 1
    SELL = 2
    FLAT = 3


@lane
def slow(x: float) -> float:
    level = carry(initial=x)
    level = level + 0.125 * (x - level)
    return level


@lane
def conditions(n: int, x: float, y: float, side: Side) -> Side:
    idle = not n
    moving = 1.0 if x + y else 0.0
    chosen = 1.0 if (x if idle else y) else moving
    open_ = 1.0 if side else chosen
    sold = side == 2
    text = side == "FLAT"
    none = side != 7
    late = slow(x, when=sold or text or none)  # type: ignore[call-overload]
    total = late + open_
    for i, j in product(range(2), range(3)):
        total += float(i * j)
    return Side(n - 1)
