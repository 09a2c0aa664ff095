from typing import Annotated

from dag import domain, lane, params, safe


@params
class Share:
    share: Annotated[float, domain(0.0, 1.0)] = 20.0
    steps: int = 1.5  # type: ignore[assignment]


@lane
def part(x: float, p: Share) -> Annotated[float, safe(True)]:
    return x * p.share
