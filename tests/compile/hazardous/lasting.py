from typing import Annotated

from dagc import carry, domain, lane, persistent

Positive = Annotated[float, domain(above=0.0)]
MANY = 9_223_372_036_854_775_000


@lane
def cold_divisor(price: Positive) -> float:
    level = carry(initial=price, lifetime=persistent(max_age=60.0, cold=0.0))
    change = price / level
    level = price
    return change


@lane
def shorter_life(price: Positive) -> float:
    seen = carry(initial=False)
    before = carry(initial=0.0, lifetime="tick")
    change = price / before if seen else 0.0
    before, seen = price, True
    return change


@lane
def cold_count(price: Positive) -> int:
    count = carry(initial=0, lifetime=persistent(max_age=60.0, cold=MANY))
    count = count + 1
    return count
