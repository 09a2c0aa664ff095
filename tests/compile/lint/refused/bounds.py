"""Floors above caps, NaN that becomes a size, caps that are found with ==."""

from __future__ import annotations

from typing import Annotated

from dagc import domain, ieee_div, lane, params

Size = Annotated[float, domain(0.0, 9.0)]


@params
class Bounds:
    floor: Annotated[float, domain(0.0, 1.0)] = 0.5
    top: Annotated[float, domain(1.0, 9.0)] = 8.0
    cap: Annotated[float, domain(0.0, 9.0)] = 8.0


@lane
def floored(raw: Size, p: Bounds) -> Size:
    return max(p.floor, min(raw, p.cap))


@lane
def ordered(raw: Size, p: Bounds) -> Size:
    return max(min(raw, p.top), p.floor) + min(max(raw, p.floor), p.cap)


@lane
def from_nothing(gain: Size, depth: Size, p: Bounds) -> Size:
    ratio = ieee_div(gain, depth)
    return max(p.floor, min(p.top, ratio)) + max(ratio, p.floor)


@lane
def locked(basis: Annotated[float, domain(-100.0, 100.0)], scale: Annotated[float, domain(0.5, 2.0)]) -> bool:
    capped = min(max(basis * scale, -10.0), 10.0)
    return capped / scale == 10.0 or -capped == 7.0


@lane
def nearest(a: Size, b: Size, c: Size, gain: Size, p: Bounds) -> Size:
    """The smallest of three that may be NaN: one remark for all turns of the loop."""
    least = p.top
    for each in (a, b, c):
        distance = ieee_div(each, gain)
        if distance < least:
            least = distance
    return least
