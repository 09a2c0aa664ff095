"""Choosing one asset of a scan."""

from __future__ import annotations

import math


def asset_pick(
    scores: tuple[float, ...], alignments: tuple[float, ...], kept: tuple[bool, ...], min_alignment: float
) -> int:
    """The place of the best score among the kept assets that are aligned enough; -1 if there is none.

    A plain function: it takes as many assets as it is given, the three tuples in one order.

    Units    scores share one; alignments and min_alignment are fractions
    Edges    the first of equal scores wins; NaN never does, nor does -inf; exactly min_alignment is enough
    Source   [chosen] the D_LIQ gold backtest ranks 48 assets without saying how ties fall
    """
    best, place = -math.inf, -1
    for index in range(len(scores)):
        wins = kept[index] and alignments[index] >= min_alignment and scores[index] > best
        best = scores[index] if wins else best
        place = index if wins else place
    return place
