"""The ceiling of conviction under hazard, as a value instead of a setter that overwrites a cap."""

from __future__ import annotations

from dag import lane, params
from lanes.num.clamp import clamp
from lanes.units import Frac, LeverageLimit


@params
class HazardBaseMax:
    """The ceiling without hazard (`soft_cap` where the engine has one, else `default_ceiling`) and the floor under full hazard."""

    soft_cap: LeverageLimit = 8.0
    has_soft_cap: bool = False
    floor: LeverageLimit = 3.0
    default_ceiling: LeverageLimit = 6.0


@lane
def hazard_base_max(hazard: Frac, p: HazardBaseMax) -> LeverageLimit:
    """The ceiling of conviction leverage at this hazard: both `hi` of the sizer and `base_max` of the composition.

    Units    hazard a fraction, the rest [x_conv]
    Source   the D_LIQ gold backtest, whose cap of 8 was once overwritten by the default 6: 181.81 % became 145.84 %
    [chosen] linear between the ceiling at hazard 0 and the floor at hazard 1
    """
    ceiling = p.soft_cap if p.has_soft_cap else p.default_ceiling
    h = clamp(hazard, 0.0, 1.0)
    base_max = ceiling - h * (ceiling - p.floor)
    return base_max
