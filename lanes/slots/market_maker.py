"""Places of the market maker and of the weather bot."""

from __future__ import annotations

from dataclasses import dataclass

from dag import slot
from lanes.units import Bps, Fahrenheit


@dataclass(frozen=True)
class DiurnalFit:
    """The error of a diurnal fit, where there is a fit."""

    rmse: Fahrenheit
    present: bool


@slot
def lead_lag() -> Bps:
    """What another venue says first. Neutral: 0, which is: off.

    A lane in this slot reads the other venue. A copy of the own venue's signal is no substitute: two signals would be one.
    """
    return 0.0


@slot
def cross_venue() -> Bps:
    """The distance to another venue's price. Neutral: 0, which is: off; a copy of the own venue's signal is no substitute."""
    return 0.0


@slot
def diurnal_fit() -> DiurnalFit:
    """The diurnal fit whose error is the spread of `metar_channel`. Neutral: absent."""
    return DiurnalFit(rmse=0.0, present=False)


@slot
def mm_promotion() -> bool:
    """Whether a canary is promoted; that needs attributed fills and a rule that nobody has given. Neutral: no."""
    return False
