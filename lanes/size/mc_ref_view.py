"""The leverage that the Monte-Carlo forewarner is shown."""

from __future__ import annotations

from dataclasses import dataclass

from dag import lane, params
from lanes.units import ConvictionLeverage, LeverageLimit


@params
class McRefView:
    """The leverage the forewarner was calibrated at."""

    mc_ref: LeverageLimit = 5.0


@dataclass(frozen=True)
class ReferenceView:
    """The three limits as the forewarner must see them, whatever the real ones are."""

    base_max: ConvictionLeverage
    sizer_max: ConvictionLeverage
    abs_max: ConvictionLeverage


@lane
def mc_ref_view(p: McRefView) -> ReferenceView:
    """The reference leverage three times: an edge of its own, so that no cap has to be saved and restored.

    Units    [x_conv]
    Source   the D_LIQ gold backtest, where the real caps leaked into the forewarner
    """
    return ReferenceView(base_max=p.mc_ref, sizer_max=p.mc_ref, abs_max=p.mc_ref)
