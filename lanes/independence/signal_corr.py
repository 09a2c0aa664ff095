"""How alike six signals have been lately."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import domain, lane, params, sqrt, sum_seq, window
from lanes.independence.six import SIGNALS, Correlations, as_row
from lanes.num.clamp import clamp

#: The most cycles that count, this one included.
CYCLES = 500


@params
class SignalCorr:
    """From how many cycles on the correlations are warm, and how many count at most, this one included."""

    min_n: Annotated[int, domain(1, CYCLES)] = 30
    win: Annotated[int, domain(2, CYCLES)] = CYCLES


@dataclass(frozen=True)
class SignalCorrelations:
    """Pearson's correlation of each pair, and whether there are enough cycles."""

    correlations: Correlations
    warm: bool


@lane
def signal_corr(s0: float, s1: float, s2: float, s3: float, s4: float, s5: float, p: SignalCorr) -> SignalCorrelations:
    """Correlations of six signals over the last `win` cycles.

    Units    plain numbers
    State    499 values of each signal, of which win - 1 count
    Bits     two passes, oldest first and this cycle last: means, then sums of products of what is left; rho is one quotient by
             sqrt(sxx * syy), one root and not two, so that identical signals have exactly 1; held within [-1, 1]
    Edges    the diagonal is exactly 1; a signal that does not move correlates 0 with every other
    Source   the market maker's redesign: 500 cycles; 30 until warm and 0 for constants [chosen]
    """
    before = p.win - 1
    p0 = window(s0, before, longest=CYCLES - 1)
    p1 = window(s1, before, longest=CYCLES - 1)
    p2 = window(s2, before, longest=CYCLES - 1)
    p3 = window(s3, before, longest=CYCLES - 1)
    p4 = window(s4, before, longest=CYCLES - 1)
    p5 = window(s5, before, longest=CYCLES - 1)
    past = (p0, p1, p2, p3, p4, p5)
    now = (s0, s1, s2, s3, s4, s5)
    count = len(p0) + 1
    n = float(count)
    means = tuple((sum_seq(past[i], 0.0) + now[i]) / n for i in range(SIGNALS))
    sums = tuple(
        tuple(
            sum_seq(((a - means[i]) * (b - means[j]) for a, b in zip(past[i], past[j], strict=True)), 0.0)
            + (now[i] - means[i]) * (now[j] - means[j])
            for j in range(i, SIGNALS)
        )
        for i in range(SIGNALS)
    )
    rows = tuple(
        as_row(tuple(1.0 if i == j else correlation(sums, min(i, j), max(i, j)) for j in range(SIGNALS)))
        for i in range(SIGNALS)
    )
    return SignalCorrelations(
        correlations=(rows[0], rows[1], rows[2], rows[3], rows[4], rows[5]), warm=count >= p.min_n
    )


def correlation(sums: tuple[tuple[float, ...], ...], i: int, j: int) -> float:
    """Of signals i < j, from the upper half of their sums of products."""
    spread = sqrt(sums[i][0] * sums[j][0])
    return clamp(sums[i][j - i] / spread, -1.0, 1.0) if spread > 0.0 else 0.0
