"""Signals and gates: each lane beside its reference function."""

from __future__ import annotations

from collections.abc import Iterator

from dag.values.types import Value
from tests.lanes.oracle_kinds import Oracle, Row, named, one
from tests.oracle import signal


def direction(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    ring: tuple[float, ...] = ()
    for r in rows:
        # The lane always remembers the prices; its reference cuts its memory to the lookback of the moment.
        kept, out = signal.direction_confirm(
            ring[-r["lookback"] :], r["price"], r["side"], r["lookback"], r["min_bps"], r["on"]
        )
        ring = (*ring, kept[-1])[-7:]
        yield {"verdict": out[0], "move_bps": out[1]}


ORACLES: dict[str, Oracle] = {
    "row_guard": one("row_guard", lambda r: signal.row_guard(r["vel_div"], r["price"])),
    "vel_div_gate": named(
        "entry extreme side", lambda r: signal.vel_div_gate(r["vel_div"], r["thr"], r["ext"], r["side"])
    ),
    "direction_confirm": direction,
}
