"""The signals that are real, added up."""

from __future__ import annotations

from dataclasses import dataclass

from dag import as_unit, lane, params
from lanes.units import Bps


@params
class SignalMask:
    """Which signals have a source. One without is switched off; it is never replaced by a copy of another."""

    use_lead_lag: bool = False
    use_cross_venue: bool = False
    use_book_shape: bool = True
    use_funding_alpha: bool = True


@dataclass(frozen=True)
class Signals:
    """What each signal would skew quotes by."""

    lead_lag: Bps
    cross_venue: Bps
    book_shape: Bps
    funding_alpha: Bps


@dataclass(frozen=True)
class SkewSum:
    """The skew of all signals that are on, and how many these are."""

    skew: Bps
    count: int


@lane
def skew_sum(signals: Signals, mask: SignalMask) -> SkewSum:
    """The sum of the signals that are on, in their order, from 0.0.

    Units    [bps]
    Source   the market maker's redesign: six signals had come from one feed; two honest ones are left
    [chosen] each with weight 1
    """
    skew = as_unit(0.0, "bps")
    skew = skew + signals.lead_lag if mask.use_lead_lag else skew
    skew = skew + signals.cross_venue if mask.use_cross_venue else skew
    skew = skew + signals.book_shape if mask.use_book_shape else skew
    skew = skew + signals.funding_alpha if mask.use_funding_alpha else skew
    count = int(mask.use_lead_lag) + int(mask.use_cross_venue) + int(mask.use_book_shape) + int(mask.use_funding_alpha)
    return SkewSum(skew=skew, count=count)
