"""Signals that look back over many bars: each lane beside its reference function."""

from __future__ import annotations

from collections.abc import Iterator

from dag.values.types import Value
from tests.lanes.oracle_kinds import Oracle, Row
from tests.oracle import windows


def volatility(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    h: windows.Window = ()
    for r in rows:
        h, (dvol, warm) = windows.dvol50(h, r["price"], win=r["win"], min_n=r["min_n"])
        yield {"dvol": dvol, "warm": warm}


def alignment(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    h: windows.Window = ()
    for r in rows:
        h, (align, score, warm) = windows.irp_alignment(h, r["price"], r["side"], r["lookback"])
        yield {"align": align, "score": score, "warm": warm}


def rank(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    h: windows.Window = ()
    for r in rows:
        h, (prank, warm) = windows.prank500(h, r["x"], r["win"], min_hist=r["min_hist"], fallback=r["fallback"])
        yield {"prank": prank, "warm": warm}


def tags(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    h: windows.Window = ()
    for r in rows:
        h, out = windows.subregime_tags(
            h, r["btc"], r["dvol_idx"], r["vel_div"], r["dvol_split"], r["ma_n"], strong=r["strong"]
        )
        yield dict(zip(("below_ma", "high_dvol", "strong_vd", "ma", "warm"), out, strict=True))


ORACLES: dict[str, Oracle] = {
    "dvol50": volatility,
    "irp_alignment": alignment,
    "prank500": rank,
    "subregime_tags": tags,
}
