"""A graph with slots, and lanes for them: some fit, some do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import carry, domain, lane, params, slot, unit
from lanes.slots import meta_boost
from lanes.units import Mult, Usd

Size = Annotated[float, unit("usd"), domain(0.0, 1e6)]


@dataclass(frozen=True)
class Label:
    tag: int
    mult: Mult


@slot
def label(hash_: int) -> Label:
    """A label and its factor. Neutral: 0, 1."""
    return Label(tag=0, mult=1.0)


@slot
def z_leverage_gate(z13: float) -> Mult:
    """A gate from a score. Neutral: 1."""
    return 1.0


@lane
def sized(size: Size, z13: Annotated[float, domain(-9.0, 9.0)], hash_: int) -> Usd:
    """A size under three factors that may be plugged in."""
    named = label(hash_)
    before = size * meta_boost() * named.mult
    after = before * z_leverage_gate(z13)
    return after


@params
class ByLevel:
    level: Annotated[float, domain(-9.0, 9.0)] = 1.5
    reduced: Annotated[float, domain(0.0, 1.0)] = 0.25


@lane
def by_level(z13: float, p: ByLevel) -> Mult:
    """Less where z13 is above a level."""
    return p.reduced if z13 > p.level else 1.0


@lane
def rising(volume: Annotated[float, domain(0.0, 1e9)], size: Size) -> Mult:
    """More while volume rises: it brings an input of its own, reads one that is there, and keeps state."""
    last = carry(initial=volume)
    rises = volume > last and size > 0.0
    last = volume
    return 1.25 if rises else 1.0


@lane
def odd_label(hash_: int) -> Label:
    return Label(tag=7, mult=0.5 if hash_ % 2 == 1 else 1.0)


@lane
def in_dollars(z13: float) -> Usd:
    return abs(z13) * 2.0


@lane
def of_something_else(z: float) -> Mult:
    return 1.0 if z > 0.0 else 0.5


@lane
def of_whole_numbers(z13: int) -> Mult:
    return 1.0 if z13 > 0 else 0.5
