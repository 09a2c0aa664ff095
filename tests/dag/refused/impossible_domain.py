from typing import Annotated

from dag import domain, lane, params


@params
class Share:
    share: Annotated[float, domain(1.0, 0.0)] = 0.5


@lane
def part(x: Annotated[float, domain(above=0.0, below=0.0)], on: Annotated[bool, domain(0, 1)], p: Share) -> float:
    return x * p.share if on else 0.0


@lane
def other(a: Annotated[float, domain(1.0, above=0.2)], b: Annotated[float, domain(hi=0.2, below=1.0)]) -> float:
    return a - b
