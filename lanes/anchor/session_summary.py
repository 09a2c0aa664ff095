"""What a session of the anchor came to, so far, in constant memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import as_unit, carry, lane, unit
from lanes.anchor.anchor_summary import AnchorSummary
from lanes.distrack.p2_quantile import P2Quantile, p2_quantile
from lanes.units import Bps

_MEDIAN = P2Quantile(quantile=0.5)


@dataclass(frozen=True)
class SessionSummary:
    """Ticks, those that warmed up, the baseline now; of the basis mean, median and range; of the residual mean, share of large ones,
    the largest."""

    samples: int
    warmup_ticks: int
    baseline: Bps
    b_mean: Bps
    b_median: Bps
    b_range: Bps
    r_mean: Bps
    r_above: Annotated[float, unit("pct")]
    r_max: Bps


@lane
def session_summary(basis: Bps, residual: Bps, baseline: Bps, warming: bool, p: AnchorSummary) -> SessionSummary:
    """The summary of all ticks of the session, this one included: on its last tick, that of the session.

    Units    [bps]; r_above [pct]
    State    sums, extremes and counts, and the nine words of `p2_quantile` at the median; all begin again with each session
    Bits     sums in the order of the ticks from 0.0
    Edges    the median is exact up to five ticks and an estimate after them; a share of exactly floor_bps counts
    Source   the dual-signal calibration of the CLOB/AMM anchor: baseline at the end, samples, warm-up ticks used, share above 5 bps, median
    """
    samples = carry(initial=0)
    warmup_ticks = carry(initial=0)
    b_sum = carry(initial=as_unit(0.0, "bps"))
    r_sum = carry(initial=as_unit(0.0, "bps"))
    least = carry(initial=basis)
    most = carry(initial=basis)
    hits = carry(initial=0)
    r_max = carry(initial=as_unit(0.0, "bps"))
    samples = samples + 1
    warmup_ticks = warmup_ticks + int(warming)
    b_sum = b_sum + basis
    r_sum = r_sum + residual
    least = min(least, basis)
    most = max(most, basis)
    hits = hits + int(abs(residual) >= p.floor_bps)
    r_max = max(r_max, abs(residual))  # dagc: allow W023 a residual that is NaN has no size
    middle = p2_quantile(as_unit(basis, "1"), _MEDIAN)
    n = float(samples)
    return SessionSummary(
        samples=samples,
        warmup_ticks=warmup_ticks,
        baseline=baseline,
        b_mean=b_sum / n,
        b_median=as_unit(middle.value, "bps"),
        b_range=most - least,
        r_mean=r_sum / n,
        r_above=as_unit((float(hits) / n) * 100.0, "pct"),
        r_max=r_max,
    )
