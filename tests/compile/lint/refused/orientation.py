"""Differences taken the wrong way round."""

from __future__ import annotations

from typing import Annotated

from dagc import as_unit, carry, domain, feed, lane, oriented, params, sum_seq, unit, window

Clob = Annotated[float, unit("px"), domain(1.0, 1e6), feed("clob")]
Amm = Annotated[float, unit("px"), domain(1.0, 1e6), feed("amm")]
Basis = Annotated[float, unit("bps"), oriented("clob_minus_amm")]
Reverse = Annotated[float, unit("bps"), oriented("amm_minus_clob")]


@params
class Tuning:
    share: Annotated[float, domain(0.0, 1.0)] = 0.5


@lane
def basis(clob: Clob, amm: Amm) -> Basis:
    return as_unit(10_000.0 * (amm - clob) / amm, "bps")


@lane
def skew(basis: Basis, p: Tuning) -> Basis:
    return p.share * basis


@lane
def quote(edge: Reverse, p: Tuning) -> Basis:
    level = carry(initial=0.0)
    level = level + p.share * (edge - level)
    return skew(-level, p) - skew(level, p)


@lane
def either(basis: Basis, edge: Reverse) -> float:
    return as_unit(max(basis, edge), "1") if basis > 0.0 else 0.0


@lane
def remembered(basis: Basis) -> Reverse:
    past = window(basis, 50)
    return sum_seq((-x for x in past), 0.0) - sum_seq(past, 0.0)
