"""Indexes that may be outside a carried array."""

from typing import Annotated

from dag import array, carry, domain, lane, put


@lane
def any_place(n: int) -> float:
    ring = carry(initial=array(8, 0.0))
    return ring[n]


@lane
def one_too_far(n: Annotated[int, domain(0, 8)], x: float) -> float:
    ring = carry(initial=array(8, 0.0))
    ring = put(ring, n, x)
    return x


@lane
def before_the_first(x: float) -> float:
    ring = carry(initial=array(8, 0.0))
    at = carry(initial=0)
    before = ring[at - 1]
    ring = put(ring, at, x)
    at = (at + 1) % 8
    return before


@lane
def element_as_divisor(x: float) -> float:
    prices = carry(initial=array(4, 0.0))
    prices = put(prices, 0, x)
    return 1.0 / prices[1]
