from enum import Enum

from dag import lane, params


@params
class Gate:
    threshold: float = -0.02


class Side(Enum):
    LONG = 1
    SHORT = -1


@lane
def enters(vel_div: float, side: Side, p: Gate) -> bool:
    return vel_div < p.treshold and side == Side.LOGN  # type: ignore[attr-defined]
