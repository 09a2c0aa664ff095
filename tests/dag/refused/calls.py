import math
from typing import Any

from dag import lane

COUNTER: Any = object()


@lane
def grown(x: float) -> float:
    print(x)
    y = math.exp(x)
    z = sum((x, y))
    w = pow(x, 2)
    return COUNTER(x) + z + w + len(str(x))
