"""The anchor basis: each lane beside its reference function."""

from __future__ import annotations

from collections.abc import Iterator

from dag.types import Value
from tests.lanes.oracle_kinds import Oracle, Row, one
from tests.oracle import anchor


def baseline(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state: anchor.State = (0.0, 0, False)
    for r in rows:
        state, level = anchor.basis_baseline(state, r["basis"], r["span"], r["form"])
        yield {"baseline": level, "count": state[1]}


ORACLES: dict[str, Oracle] = {
    "structural_basis_bps": one(
        "structural_basis_bps", lambda r: anchor.structural_basis_bps(r["clob_mid"], r["amm"], r["sign"])
    ),
    "basis_baseline": baseline,
    "residual_distortion_bps": one(
        "residual_distortion_bps", lambda r: anchor.residual_distortion_bps(r["basis"], r["baseline"])
    ),
}
