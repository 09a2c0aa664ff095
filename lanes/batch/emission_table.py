"""Which trades were seen lately: the table beside `emission_dedup`."""

from __future__ import annotations

from collections import OrderedDict

from lanes.accounting.emission_dedup import Emission, emission_dedup


class EmissionTable:
    """The last pnl of each trade, for as many trades as `capacity` says; the one not seen for longest goes first [chosen]."""

    def __init__(self, capacity: int = 4096) -> None:
        if capacity < 1:
            raise ValueError(f"EmissionTable: a capacity of {capacity} holds nothing; give at least 1")
        self._capacity = capacity
        self._pnl: OrderedDict[int, float] = OrderedDict()

    def see(self, trade_id: int, pnl: float) -> Emission:
        """What becomes of a row, which is remembered."""
        known = trade_id in self._pnl
        emission = emission_dedup(pnl, known, self._pnl.get(trade_id, 0.0))
        if emission.keep:
            self._pnl[trade_id] = pnl
        self._pnl.move_to_end(trade_id)
        if len(self._pnl) > self._capacity:
            self._pnl.popitem(last=False)
        return emission
