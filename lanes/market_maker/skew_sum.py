"""The signals that are real, added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from dag import as_unit, independent, lane, params, substitute
from lanes.units import Bps

#: A signal with a source of its own: of six that there were, all came from one feed.
Signal: TypeAlias = Annotated[Bps, independent("skew signals")]


@params
class SignalMask:
    """Which signals have a source. One without is switched off, unless `native_fallback` puts a copy of the book's own signal in its
    place, as it once was: then one feed counts several times, and `effective_signals` says so."""

    use_lead_lag: bool = False
    use_cross_venue: bool = False
    use_book_shape: bool = True
    use_funding_alpha: bool = True
    native_fallback: bool = False


@dataclass(frozen=True)
class Signals:
    """What each signal would skew quotes by."""

    lead_lag: Signal
    cross_venue: Signal
    book_shape: Signal
    funding_alpha: Signal


@dataclass(frozen=True)
class SkewSum:
    """The skew of all signals that are on, and how many these are."""

    skew: Bps
    count: int


def substituted(signals: Signals, mask: SignalMask) -> tuple[Bps, Bps, Bps, Bps]:
    """The four signals, those of other venues replaced by the book's own where they have no source and that is asked for."""
    native_lead = mask.native_fallback and not mask.use_lead_lag
    native_cross = mask.native_fallback and not mask.use_cross_venue
    lead_lag: Annotated[Bps, substitute()] = signals.book_shape if native_lead else signals.lead_lag
    cross_venue: Annotated[Bps, substitute()] = signals.book_shape if native_cross else signals.cross_venue
    return lead_lag, cross_venue, signals.book_shape, signals.funding_alpha


def used(mask: SignalMask) -> tuple[bool, bool, bool, bool]:
    """Which of the four are summed."""
    return (
        mask.use_lead_lag or mask.native_fallback,
        mask.use_cross_venue or mask.native_fallback,
        mask.use_book_shape,
        mask.use_funding_alpha,
    )


@lane
def skew_sum(signals: Signals, mask: SignalMask) -> SkewSum:
    """The sum of the signals that are on, in their order, from 0.0.

    Units    [bps]
    Source   the market maker's redesign: six signals had come from one feed; two honest ones are left
    [chosen] each with weight 1
    """
    skew = as_unit(0.0, "bps")
    counts = used(mask)
    for each, counted in zip(substituted(signals, mask), counts, strict=True):
        skew = skew + each if counted else skew
    return SkewSum(skew=skew, count=sum(counts))
