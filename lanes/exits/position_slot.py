"""Room for one position, and no stacking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import as_unit, carry, lane, unit
from lanes.enums import Held, Side
from lanes.units import Bars, Price, Usd


@dataclass(frozen=True)
class Slot:
    """What happened at this bar, and the position it is about: the open one, or the one that was just closed."""

    opened: bool
    closed: bool
    bars: Bars
    held: Held
    entry: Annotated[float, unit("px")]
    notional: Usd


@lane
def position_slot(enter: bool, leave: bool, side: Side, price: Price, notional: Usd) -> Slot:
    """Open where the slot is free, close where it is not, and remember the position in between.

    Units    price and entry [px], notional [usd], the age in bars
    State    whether there is a position; its side, entry price and notional; for how many bars it has been open
    Edges    an open position ages by a bar before anything else; an exit closes it, and an entry is ignored on that bar and while
             open. A closed position has been open for at least one bar. Flat, everything is zero.
    Source   the VIOLET V3 studies: one slot, no stacking. What a bar does first is [chosen].
    """
    is_open = carry(initial=False)
    held_side = carry(initial=Held.NONE)
    held_entry = carry(initial=as_unit(0.0, "px"))
    held_notional = carry(initial=as_unit(0.0, "usd"))
    age = carry(initial=0)

    closed = is_open and leave
    opened = enter and not is_open
    held = (Held.SHORT if side == Side.SHORT else Held.LONG) if opened else held_side
    entry = price if opened else held_entry
    stake = notional if opened else held_notional
    bars = age + 1 if is_open else 0

    stays = opened or (is_open and not leave)
    is_open = stays
    held_side = held if stays else Held.NONE
    held_entry = entry if stays else 0.0
    held_notional = stake if stays else 0.0
    age = bars if stays else 0
    return Slot(opened=opened, closed=closed, bars=as_unit(bars, "bars"), held=held, entry=entry, notional=stake)
