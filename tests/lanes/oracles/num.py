"""Arithmetic: each lane beside its reference function."""

from __future__ import annotations

from tests.lanes.oracle_kinds import Oracle, one
from tests.oracle import num

ORACLES: dict[str, Oracle] = {
    "k_exp": one("k_exp", lambda r: num.k_exp(r["x"])),
    "k_ncdf": one("k_ncdf", lambda r: num.k_ncdf(r["z"])),
    "k_log": one("k_log", lambda r: num.k_log(r["x"])),
    "powc": one("powc", lambda r: num.powc(r["s"], r["c"])),
}
