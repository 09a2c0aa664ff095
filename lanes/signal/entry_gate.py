"""All that an entry needs, and which of it is missing."""

from __future__ import annotations

from dataclasses import dataclass

from dag import lane


@dataclass(frozen=True)
class Entry:
    """Whether to enter, and a bit for each condition that fails."""

    enter: bool
    mask: int


@lane
def entry_gate(
    row: bool, vd: bool, vol: bool, dc_ok: bool, irp: bool, ob: bool, stable: bool, mc_ok: bool, slot_free: bool
) -> Entry:
    """Enter where every condition holds.

    Output   mask: 1 row, 2 vel_div, 4 volatility, 8 direction check, 16 alignment, 32 order book, 64 stablecoin, 128 forewarner,
             256 slot busy
    Source   [chosen] bits and their order. The decision layer of the VIOLET V3 shadow engine knows no slot: it passes True,
             only the execution layer passes what its slot says
    """
    mask = 0
    bit = 1
    for holds in (row, vd, vol, dc_ok, irp, ob, stable, mc_ok, slot_free):
        mask = mask | (0 if holds else bit)
        bit = bit << 1
    return Entry(enter=mask == 0, mask=mask)
