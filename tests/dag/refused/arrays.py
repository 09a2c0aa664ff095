"""Carried arrays: lengths, places and elements that do not fit, and ways of writing one that lanes do not have."""

from typing import Annotated

from dag import array, as_unit, carry, float32, lane, put, unit

Bps = Annotated[float, unit("bps")]


@lane
def unknown_length(n: int) -> float:
    ring = carry(initial=array(n, 0.0))
    return ring[0]


@lane
def no_length(x: float) -> float:
    ring = carry(initial=array(0, 0.0))
    return x


@lane
def computed_fill(x: float) -> float:
    ring = carry(initial=array(4, x))
    return ring[0]


@lane
def beyond(x: float) -> float:
    ring = carry(initial=array(4, 0.0))
    ring = put(ring, 4, x)
    return ring[-1]


@lane
def float_place(x: float) -> float:
    ring = carry(initial=array(4, 0.0))
    return ring[x]


@lane
def other_element(x: float, n: int) -> int:
    counts = carry(initial=array(4, 0))
    counts = put(counts, 1, x)
    return counts[1]


@lane
def narrow_element(x: float) -> float32:
    ring = carry(initial=array(4, float32(0.0)))
    ring = put(ring, 1, x)
    return ring[1]


@lane
def other_unit(move: Bps) -> float:
    ring = carry(initial=array(4, as_unit(0.0, "px")))
    ring = put(ring, 0, move)
    return ring[0] / ring[1]


@lane
def in_place(x: float) -> float:
    ring = carry(initial=array(4, 0.0))
    ring[0] = x
    return ring[0]


@lane
def returned(x: float) -> float:
    ring = carry(initial=array(4, 0.0))
    return ring


@lane
def added(x: float) -> float:
    ring = carry(initial=array(4, 0.0))
    return ring + x


@lane
def not_carried(x: float) -> float:
    ring = array(4, 0.0)
    return ring[0] + x


@lane
def put_into_a_tuple(x: float) -> float:
    pair = (x, x)
    pair = put(pair, 0, 1.0)
    return pair[0]


@lane
def exchanged(x: float) -> float:
    left = carry(initial=array(4, 0.0))
    right = carry(initial=array(4, 0.0))
    left = put(right, 0, x)
    return left[0] + right[0]


@lane
def chosen(x: float) -> float:
    left = carry(initial=array(4, 0.0))
    right = carry(initial=array(4, 0.0))
    either = left if x > 0.0 else right
    return either[0]
