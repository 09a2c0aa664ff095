from typing import Annotated

from dagc import domain, float32, lane, params, unit
from lanes.elementary import exp


@params
class Fee:
    lot: Annotated[int, domain(0, 100)] = 1
    share: Annotated[float, domain(-0.5, 0.5)] = 0.1


@lane
def per_depth(gain: float, depth: Annotated[float, unit("usd"), domain(0.0, 1e6)]) -> Annotated[float, unit("1/usd")]:
    return gain / (depth * 2.0)


@lane
def in_single(gain: float32, depth: float32) -> float32:
    return gain / depth


@lane
def lots(size: Annotated[int, domain(0, 10**9)], p: Fee) -> int:
    return size // p.lot + size % p.lot


@lane
def wrong_side(x: float, p: Fee) -> float:
    return 0.0 if p.share != 0.0 else x / p.share


@lane
def shadowed(x: float, p: Fee) -> float:
    inner = x
    inner /= p.share + 0.5
    return inner


@lane
def in_an_argument(x: float) -> float:
    """`exp` answers for its insides, not for what it is given."""
    return exp(1.0 / x)
