from typing import Annotated

from dag import as_unit, lane, params, unit


@params
class Sizer:
    floor: Annotated[float, unit("x_konv")] = 0.5


@lane
def sized(capital: Annotated[float, unit("us")], p: Sizer) -> Annotated[float, unit("px")]:
    return capital


@lane
def priced(move: float) -> float:
    return as_unit(move, "price")


@lane
def half_known(x: Annotated[float, unit("usd/share")]) -> float:
    return x
