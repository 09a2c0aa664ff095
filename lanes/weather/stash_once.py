"""Handing a value on exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

from dag import as_unit, carry, lane
from lanes.units import Fahrenheit


@dataclass(frozen=True)
class Taken:
    """The value, where there was one to take."""

    value: Fahrenheit
    present: bool


@lane
def stash_once(put: Fahrenheit, put_present: bool, take: bool) -> Taken:
    """What was put and not yet taken, so that a cycle that was missed cannot read it again.

    Units    [degF]
    State    the value and whether there is one
    Edges    a value is put before one is taken [chosen], so both may happen in a cycle; a later value replaces one that was not
             taken; nothing taken is (NaN, no)
    Source   the weather cross-bracket bot
    """
    held = carry(initial=as_unit(nan, "degF"))
    holds = carry(initial=False)
    value = put if put_present else held
    there = put_present or holds
    given = value if take else nan
    held = nan if take else value
    holds = there and not take
    return Taken(value=given, present=there and take)
