"""The end-of-day table of a replay: the last bar of each day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def day_table(rows: Iterable[Mapping[str, Any]], day: str = "day") -> Iterator[Mapping[str, Any]]:
    """The last row of each run of rows whose column `day` is the same, in order.

    Totals that begin again with each day, such as those of `day_totals`, are the day's there. Raises KeyError where a row has no such
    column.
    """
    last: Mapping[str, Any] | None = None
    for row in rows:
        if last is not None and row[day] != last[day]:
            yield last
        last = row
    if last is not None:
        yield last
