"""A first lane: conviction from a signal, held back when the market is volatile."""

from typing import Annotated

from dagc import domain, lane, params, unit

Leverage = Annotated[float, unit("x_conv")]
VelDiv = Annotated[float, unit("vd")]


@params
class Sizer:
    """Where conviction begins and ends. Every field is tunable at run time; nothing is baked in."""

    threshold: Annotated[VelDiv, domain(-0.03, 0.0)] = -0.02
    extreme: Annotated[VelDiv, domain(-1.0, below=-0.03)] = -0.05
    floor: Annotated[Leverage, domain(0.0, 9.0)] = 0.5
    ceiling: Annotated[Leverage, domain(0.0, 9.0)] = 8.0


@lane
def strength(vel_div: VelDiv, p: Sizer) -> float:
    """How far the signal reaches from threshold (0) to extreme (1)."""
    reach = (p.threshold - vel_div) / (p.threshold - p.extreme)
    return min(max(reach, 0.0), 1.0)


@lane
def conviction(vel_div: VelDiv, volatility: Annotated[float, domain(0.0, 5.0)], p: Sizer) -> Leverage:
    """Cubic-convex conviction leverage, halved when yearly volatility is above 40 %."""
    lev = p.floor + strength(vel_div, p) ** 3 * (p.ceiling - p.floor)
    if volatility > 0.4:  # dagc: allow W004 40 % a year, as the text above says
        lev = max(lev / 2.0, p.floor)
    return lev


if __name__ == "__main__":
    print("on numbers:", conviction(-0.041, 0.2, Sizer()))
    print("compile it: dagc build examples/first_lane.py:conviction -o build/first_lane")
