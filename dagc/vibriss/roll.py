"""The roll: who was born when, of whom, whether it lives, and who is in quarantine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from dag.values.words import Column
from dagc.vibriss.problem import PopulationProblem
from dagc.vibriss.settings import Settings

#: Why somebody was born or died.
Cause: TypeAlias = Literal["", "space", "replacement", "retuned", "killed", "cut"]
CAUSES: tuple[Cause, ...] = get_args(Cause)
MOST_SERIALS = 1 << 40

_COLUMNS: Mapping[str, type] = {
    "serials": np.int64,
    "parents": np.int64,
    "born": np.int64,
    "died": np.int64,
    "birth": np.int8,
    "death": np.int8,
    "alive": np.bool_,
    "rejections": np.int64,
    "away_until": np.int64,
}


class Roll:
    """Columns [rows] in ascending serial. `died` is -1 of the living; `parents` is 0 of who has none."""

    serials: NDArray[np.int64]
    parents: NDArray[np.int64]
    born: NDArray[np.int64]
    died: NDArray[np.int64]
    birth: NDArray[np.int8]
    death: NDArray[np.int8]
    alive: NDArray[np.bool_]
    rejections: NDArray[np.int64]
    away_until: NDArray[np.int64]

    def __init__(self) -> None:
        self.next_serial = 1
        for name, kind in _COLUMNS.items():
            setattr(self, name, np.zeros(0, kind))

    def add(self, count: int, bar: int, cause: Cause, parents: list[int] | None) -> list[int]:
        """Give `count` serials. Raises PopulationProblem beyond 2^40."""
        serials = range(self.next_serial, self.next_serial + count)
        if serials.stop > MOST_SERIALS:
            raise PopulationProblem(f"a population has at most {MOST_SERIALS:,} births")
        fresh = {
            "serials": np.arange(serials.start, serials.stop),
            "parents": np.array(parents or [0] * count),
            "born": np.full(count, bar),
            "died": np.full(count, -1),
            "birth": np.full(count, CAUSES.index(cause)),
            "alive": np.ones(count, bool),
        }
        for name, kind in _COLUMNS.items():
            column = fresh.get(name, np.zeros(count))
            setattr(self, name, np.concatenate([getattr(self, name), column.astype(kind)]))
        self.next_serial = serials.stop
        return list(serials)

    def die(self, who: NDArray[np.bool_], bar: int, cause: Cause) -> None:
        """From `bar` on they are no more."""
        self.alive[who] = False
        self.died[who] = bar
        self.death[who] = CAUSES.index(cause)

    def quarantine(self, rejected: NDArray[np.int64], bar: int, bars: int, settings: Settings) -> None:
        """Count the rejected rows of the round that ended at `bar`; whoever has too many since the last full `per` bars is away.

        [chosen] counted from each multiple of `per` on, not over a sliding window: one word an instance
        """
        begins = bar // settings.per != (bar - bars) // settings.per
        self.rejections += rejected
        bad = self.rejections > settings.rejections
        self.away_until[bad] = bar + settings.away
        self.rejections[bad] = 0
        if begins:
            self.rejections[:] = 0

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Drop the other rows."""
        for name in _COLUMNS:
            setattr(self, name, getattr(self, name)[kept])

    def arrays(self) -> dict[str, Column]:
        """Its columns by name."""
        return {name: getattr(self, name) for name in _COLUMNS}

    def restore(self, arrays: Mapping[str, Column], next_serial: int) -> None:
        """Be what was saved."""
        self.next_serial = next_serial
        for name, kind in _COLUMNS.items():
            setattr(self, name, np.array(arrays[name], kind))
