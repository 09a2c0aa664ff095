"""Values that only taps show, each behind a guard that rules the hazard out."""

from __future__ import annotations

from typing import Annotated

from dagc import domain, int32, lane, window

Depth = Annotated[float, domain(0.0, 1e6)]
Count = Annotated[int32, domain(0, 2_000_000_000)]


@lane
def after_a_return(depth: Depth) -> float:
    if depth == 0.0:
        return 0.0
    share = 1.0 / depth
    return depth + 1.0


@lane
def after_two_returns(depth: Depth, other: Depth) -> float:
    if depth == 0.0:
        return 0.0
    if other == 0.0:
        return 1.0
    share = 1.0 / depth
    rate = share / other
    return depth + other


@lane
def after_a_nested_return(depth: Depth, wanted: bool) -> float:
    if wanted:
        if depth == 0.0:
            return 0.0
    elif depth <= 0.0:
        return 1.0
    share = 1.0 / depth
    return depth + 1.0


@lane
def in_a_branch_that_chooses_nothing_else(depth: Depth) -> float:
    if depth > 0.0:
        share = 1.0 / depth
    return depth + 1.0


@lane
def in_a_loop(depth: Depth) -> float:
    for floor in (0.5, 0.0):
        if depth <= floor:
            return floor
        excess = 1.0 / (depth - floor)
    return depth


@lane
def inverse(depth: Depth) -> float:
    if depth == 0.0:
        return 0.0
    share = 1.0 / depth
    return depth


@lane
def shown(depth: Annotated[float, domain(-1e6, 1e6)]) -> float:
    share = 1.0 / depth if depth != 0.0 else 0.0
    return depth


@lane
def called_in_a_choice(depth: Depth) -> float:
    return inverse(depth) if depth > 0.0 else 0.0


@lane
def called_behind_an_and(depth: Depth) -> bool:
    return depth > 0.0 and inverse(depth) > 1.0


@lane
def place_that_is_there(price: Depth) -> float:
    past = window(price, 4)
    if len(past) < 4:
        return price
    oldest = past[0]
    return price + 1.0


@lane
def with_room(count: Count) -> int32:
    if count > 1_000_000_000:
        return count
    doubled = count + count
    return count
