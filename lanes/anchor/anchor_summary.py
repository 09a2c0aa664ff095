"""Every signal of the anchor side by side: no column silently takes another's place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from dag import as_unit, domain, lane, params, sum_seq, unit
from lanes.num.median import median
from lanes.units import Bps

#: As many ticks as the guard looks back.
Window: TypeAlias = tuple[
    Bps, Bps, Bps, Bps, Bps, Bps, Bps, Bps, Bps, Bps,
    Bps, Bps, Bps, Bps, Bps, Bps, Bps, Bps, Bps, Bps,
]  # fmt: skip


@params
class AnchorSummary:
    """From which size on a residual is counted."""

    floor_bps: Annotated[Bps, domain(lo=0.0)] = 5.0


@dataclass(frozen=True)
class Summary:
    """Of the basis the mean, the median and the range; of the residual the mean, the share of large ones, the largest."""

    b_mean: Bps
    b_median: Bps
    b_range: Bps
    r_mean: Bps
    r_above: Annotated[float, unit("pct")]
    r_max: Bps


def summary_of(basis: tuple[float, ...], residual: tuple[float, ...], floor_bps: float) -> Summary:
    """The summary of any number of ticks, at least one: inside a lane, or of a whole session on numbers."""
    n = float(len(basis))
    most = basis[0]
    least = basis[0]
    for each in basis:
        most = max(most, each)
        least = min(least, each)
    hit = 0.0
    largest = as_unit(0.0, "bps")
    for each in residual:
        hit = hit + 1.0 if abs(each) >= floor_bps else hit
        largest = max(largest, abs(each))
    return Summary(
        b_mean=sum_seq(basis) / n,
        b_median=median(basis),
        b_range=most - least,
        r_mean=sum_seq(residual) / n,
        r_above=as_unit((hit / n) * 100.0, "pct"),
        r_max=largest,
    )


@lane
def anchor_summary(basis: Window, residual: Window, p: AnchorSummary) -> Summary:
    """Mean, median and range of the basis and mean, share and size of the residual over twenty ticks.

    Units    [bps]; r_above [pct]
    Bits     sums from 0.0, oldest first; the median of an even number is half the sum of the middle two
    Edges    a share of exactly floor_bps counts. `summary_of` takes any number of ticks
    Source   the dual-signal calibration of the CLOB/AMM anchor, which reports old and new columns together
    """
    return summary_of(basis, residual, p.floor_bps)
