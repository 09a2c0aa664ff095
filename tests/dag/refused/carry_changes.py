from typing import Annotated

from dag import carry, lane, unit

Price = Annotated[float, unit("px")]


@lane
def mean(x: float) -> float:
    level = carry(initial=0)
    level = level + 0.1 * (x - level)  # type: ignore[assignment]
    ring = carry(initial=(x, x))
    ring = (*ring, x)  # type: ignore[assignment]
    return level + ring[0]


@lane
def drift(price: Price) -> Price:
    total = carry(initial=0.0)
    gone = price - total
    total = gone * price
    return gone


@lane
def literals(x: float) -> float:
    count = carry(initial=0)
    up = carry(initial=False)
    level = carry(initial=x)
    before = level if up else x
    count = 0.5  # type: ignore[assignment]
    up = 1  # type: ignore[assignment]
    level = True
    return before
