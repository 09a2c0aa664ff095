"""Values that only taps show, each computed where its guard does not rule the hazard out."""

from __future__ import annotations

from typing import Annotated

from dagc import domain, int32, lane, window

Depth = Annotated[float, domain(0.0, 1e6)]


@lane
def unguarded(depth: Depth) -> float:
    share = 1.0 / depth
    return depth + 1.0


@lane
def guarded_on_one_side(depth: Depth, other: Depth) -> float:
    if depth == 0.0 and other == 0.0:
        return 0.0
    share = 1.0 / depth
    return depth + other


@lane
def before_the_return(depth: Depth) -> float:
    share = 1.0 / depth
    if depth == 0.0:
        return 0.0
    return depth + 1.0


@lane
def in_the_wrong_branch(depth: Depth) -> float:
    if depth > 0.0:
        rate = 1.0
    else:
        rate = 2.0
        share = 1.0 / depth
    return depth + rate


@lane
def too_few(price: Depth) -> float:
    past = window(price, 4)
    if len(past) < 3:
        return price
    oldest = past[3]
    return price + 1.0


@lane
def no_room(count: Annotated[int32, domain(0, 2_000_000_000)]) -> int32:
    if count > 1_500_000_000:
        return count
    doubled = count + count
    return count
