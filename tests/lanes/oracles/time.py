"""Time: each lane beside its reference function."""

from __future__ import annotations

from collections.abc import Iterator

from dag.values.types import Value
from tests.lanes.oracle_kinds import Oracle, Row
from tests.oracle import time


def cadence(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    last: time.Last = None
    for r in rows:
        last, (fire, missed) = time.cadence_q(last, r["t"], r["q"], r["phase"])
        yield {"fire": fire, "missed": missed}


def days(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    last: time.Last = None
    for r in rows:
        last, begins = time.begins_day(last, r["day"])
        yield {"begins_day": begins}


ORACLES: dict[str, Oracle] = {
    "begins_day": days,
    "cadence_q": cadence,
}
