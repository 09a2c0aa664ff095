"""Never claim more precision than the residuals show."""

from __future__ import annotations

from typing import Annotated

from dag import domain, lane, params
from lanes.enums import WeatherFamily
from lanes.units import Fahrenheit, Spread


@params
class SigmaFloor:
    """The floor of each family, from its residuals, and one that physics sets for all.

    Denver's residuals ask for 6.55, but that family is blocked and has no floor.
    """

    lax: Fahrenheit = 1.34
    mia: Fahrenheit = 1.73
    ny: Fahrenheit = 1.86
    aus: Fahrenheit = 1.95
    chi: Fahrenheit = 2.39
    den: Fahrenheit = 0.0
    physical: Annotated[Fahrenheit, domain(above=0.0)] = 0.3


@lane
def sigma_floor(sigma: Spread, family: WeatherFamily, p: SigmaFloor) -> Fahrenheit:
    """The spread of a forecast, no smaller than that of its family's residuals.

    Units    [degF]
    Bits     max(max(sigma, family's), physical)
    Source   the weather cross-bracket bot; the physical floor is [chosen]
    """
    floor = p.den
    floor = p.lax if family == WeatherFamily.LAX else floor
    floor = p.mia if family == WeatherFamily.MIA else floor
    floor = p.ny if family == WeatherFamily.NY else floor
    floor = p.aus if family == WeatherFamily.AUS else floor
    floor = p.chi if family == WeatherFamily.CHI else floor
    return max(max(sigma, floor), p.physical)
