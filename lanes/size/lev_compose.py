"""The fan-in: the only place where the five factors meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import ceiling, lane, params
from lanes.enums import Posture
from lanes.units import ConvictionLeverage, Frac, LeverageLimit, Mult


@params
class LevCompose:
    """Limits of the composition, and which of its terms a system has. The absolute maximum must be pinned."""

    abs_max: LeverageLimit
    stalker_cap: LeverageLimit = 2.0
    lo: LeverageLimit = 0.5
    esof_in: bool = True
    stalker_on: bool = True
    floor_on: bool = True


@dataclass(frozen=True)
class Composition:
    """The composed leverage, the product before its cap, and the cap."""

    lev: Annotated[ConvictionLeverage, ceiling()]
    raw: ConvictionLeverage
    cap: ConvictionLeverage


@lane
def lev_compose(
    base: ConvictionLeverage,
    dc: Mult,
    regime: Mult,
    ob: Mult,
    esof: Frac,
    posture: Posture,
    base_max: LeverageLimit,
    p: LevCompose,
) -> Composition:
    """The product of the five factors under a cap that moves with three of them.

    Units    base, limits and results [x_conv]; the factors are multipliers
    Bits     raw = (((base * dc) * regime) * ob) * esof; cap = ((base_max * regime) * ob) * esof; associated otherwise the bits
             differ
    Edges    dc moves raw but not the cap. The floor wins over the cap: with a factor of 0 a trade still has leverage lo, so
             only a gate can stop it. The floor also swallows NaN; catch it before.
    Source   the composition block of the VIOLET V3 five-factor sizing; without haircut, stalker cap and floor it is the form of
             the D_LIQ gold backtest
    `base_max` is wired, not tuned: it is a preset's constant or the ceiling of `hazard_base_max`.
    """
    e = esof if p.esof_in else 1.0
    raw = (((base * dc) * regime) * ob) * e
    cap = ((base_max * regime) * ob) * e
    cap = min(cap, p.abs_max)
    cap = min(cap, p.stalker_cap) if p.stalker_on and posture == Posture.STALKER else cap
    lev = min(raw, cap)
    lev = max(p.lo, lev) if p.floor_on else lev  # dagc: allow W022,W023 the floor wins, as said above
    return Composition(lev=lev, raw=raw, cap=cap)
