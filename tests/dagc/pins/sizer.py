"""A lane with parameters of every sort."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from dagc import calibrated, domain, lane, params


class Side(Enum):
    LONG = 1
    SHORT = 2


@params
class Decay:
    rate: Annotated[float, domain(0.0, 1.0), calibrated()] = 0.5


@params
class Sizer:
    lots: Annotated[int, domain(1, 100)]
    decay: Decay = Decay()
    side: Side = Side.LONG
    floor: Annotated[float, domain(0.0, 9.0)] = 0.5
    ceiling: Annotated[float, domain(0.0, 9.0)] = 9.0
    whole: bool = False


@lane
def size(x: Annotated[float, domain(0.0, 9.0)], p: Sizer) -> float:
    raw = max(p.floor, x * p.decay.rate) * p.lots
    lev = min(raw, p.ceiling)
    lev = float(round(lev)) if p.whole else lev
    return -lev if p.side == Side.SHORT else lev


PRESET = Sizer(lots=3, side=Side.SHORT)
