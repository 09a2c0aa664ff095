"""The collapse of the spread that lost money, kept to test against."""

from __future__ import annotations

from dag import lane, params
from lanes.units import Spread


@params
class FastPathSigma:
    """What the spread collapses to."""

    locked: Spread = 1.0


@lane
def fast_path_sigma(sigma: Spread, past_peak: bool, p: FastPathSigma) -> Spread:
    """The spread before the peak of the day; past it, a fixed small one.

    Units    [degF]
    Source   the weather cross-bracket bot's old fast path; with a true high of 38 and a forecast of 48 it bought NO on B38.5 at 5
             cents. No preset uses it.
    """
    return p.locked if past_peak else sigma
