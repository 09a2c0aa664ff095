"""What has been observed of a day's high."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Annotated

from dag import carry, lane, params, substitute
from lanes.num.is_finite import is_finite
from lanes.units import Fahrenheit, Spread


@params
class MetarChannel:
    """Whether the live channel is the running maximum alone, and its spread where there is no diurnal fit."""

    only_running: bool = False
    fallback: Spread = 2.0


@dataclass(frozen=True)
class MetarReading:
    """The channel that is traded on, and the one that is kept beside it."""

    live_mu: Fahrenheit
    live_sigma: Fahrenheit
    shadow_mu: Fahrenheit
    shadow_sigma: Fahrenheit


@lane
def metar_channel(
    day: int,
    temp: Fahrenheit,
    temp_present: bool,
    blended: Fahrenheit,
    blended_sigma: Spread,
    rmse: Fahrenheit,
    rmse_present: bool,
    p: MetarChannel,
) -> MetarReading:
    """The running maximum of the day, or the blend with forecasts that came before it.

    Units    [degF]
    Inputs   temp: a reading, where there is one; blended: the expected high of the old channel; rmse: of the diurnal fit
    State    the day, its highest reading, and whether there was one; another day starts again
    Edges    without a reading the shadow is (NaN, NaN); its spread is the fit's where that is finite and positive, else `fallback`.
             The shadow is there on every cycle, past the peak too, where the old channel narrows to 0.3 degrees
    Source   the weather cross-bracket bot: the old channel holds forecasts that the combination weighs once more
    """
    of_day = carry(initial=0)
    high = carry(initial=0.0)
    seeded = carry(initial=False)
    same_day = of_day == day
    begun = seeded and same_day
    reads = temp_present and is_finite(temp)
    highest = max(high, temp) if begun else temp
    kept = high if same_day else 0.0
    high = highest if reads else kept
    seeded = begun or reads
    of_day = day
    fitted = rmse_present and is_finite(rmse) and rmse > 0.0
    spread = rmse if fitted else p.fallback
    shadow_mu = high if seeded else nan
    shadow_sigma = spread if seeded else nan
    live_mu: Annotated[Fahrenheit, substitute()] = shadow_mu if p.only_running else blended
    live_sigma: Annotated[Fahrenheit, substitute()] = shadow_sigma if p.only_running else blended_sigma
    return MetarReading(live_mu=live_mu, live_sigma=live_sigma, shadow_mu=shadow_mu, shadow_sigma=shadow_sigma)
