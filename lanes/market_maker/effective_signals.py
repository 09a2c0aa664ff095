"""How many signals there really are behind a skew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import domain, ieee_div, lane, params, sqrt, sum_seq, window
from lanes.market_maker.skew_sum import SignalMask, Signals, substituted, used
from lanes.num.clamp import clamp

#: The most cycles that count, this one included.
LONGEST = 500
SIGNALS = 4


@params
class EffectiveSignals:
    """Over how many cycles signals are compared, this one included, and from how many on the result is warm."""

    win: Annotated[int, domain(2, LONGEST)] = LONGEST
    min_n: Annotated[int, domain(1, LONGEST)] = 30


@dataclass(frozen=True)
class Effective:
    """The effective number of the signals that are used, how many these are, and whether there are enough cycles."""

    effective: float
    nominal: int
    warm: bool


@lane
def effective_signals(signals: Signals, mask: SignalMask, p: EffectiveSignals) -> Effective:
    """The participation ratio of the signals that a skew is summed from: their number if they are independent, 1 if they are all one.

    Units    signals [bps], results plain numbers
    State    499 values of each signal, of which win - 1 count
    Bits     correlations as in `signal_corr`, oldest first and this cycle last; squares are summed from 0.0, row by row, over pairs of
             used signals; n * n over the sum
    Edges    0 where none is used; a signal that does not move correlates 0 with every other, and 1 with itself
    Source   the market maker's redesign: effective n beside the quote
    """
    now = substituted(signals, mask)
    counts = used(mask)
    before = p.win - 1
    p0 = window(now[0], before, longest=LONGEST - 1)
    p1 = window(now[1], before, longest=LONGEST - 1)
    p2 = window(now[2], before, longest=LONGEST - 1)
    p3 = window(now[3], before, longest=LONGEST - 1)
    past = (p0, p1, p2, p3)
    n = float(len(p0) + 1)
    means = tuple((sum_seq(past[i], 0.0) + now[i]) / n for i in range(SIGNALS))
    sums = tuple(
        tuple(
            sum_seq(((a - means[i]) * (b - means[j]) for a, b in zip(past[i], past[j], strict=True)), 0.0)
            + (now[i] - means[i]) * (now[j] - means[j])
            for j in range(i, SIGNALS)
        )
        for i in range(SIGNALS)
    )
    total = 0.0
    for i in range(SIGNALS):
        for j in range(SIGNALS):
            rho = 1.0 if i == j else correlation(sums, min(i, j), max(i, j))
            total = total + rho * rho if counts[i] and counts[j] else total
    nominal = sum(counts)
    several = float(nominal)
    return Effective(
        effective=ieee_div(several * several, total) if nominal > 0 else 0.0,
        nominal=nominal,
        warm=len(p0) + 1 >= p.min_n,
    )


def correlation(sums: tuple[tuple[float, ...], ...], i: int, j: int) -> float:
    """Of signals i < j, from the upper half of their sums of products."""
    spread = sqrt(sums[i][0] * sums[j][0])
    return clamp(sums[i][j - i] / spread, -1.0, 1.0) if spread > 0.0 else 0.0
