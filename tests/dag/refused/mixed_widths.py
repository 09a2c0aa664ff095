import math
from typing import Annotated

from dag import domain, float32, int32, lane, params


@params
class Weights:
    w: Annotated[float32, domain(0.0, 1.0)] = 0.5


@lane
def mixed(x: float32, y: float, m: int32, n: int, p: Weights) -> float32:
    a = x + y
    b = m * n
    c = x * n
    d = math.sqrt(x)
    e = round(x, 2)
    f = x // 2.0
    g = x + 1e39
    h = m + 3000000000
    i = x if y > 0.0 else y
    j = widened(x)
    k = narrowed(y)
    return y


@lane
def widened(y: float) -> float:
    return y


@lane
def narrowed(x: float32) -> float32:
    return x
