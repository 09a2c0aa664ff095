"""The guard and the history saw the basis after its cap of 10 bps: what was beyond it never happened."""

from typing import Annotated

from dagc import carry, domain, lane, observes, params, unit

Bps = Annotated[float, unit("bps"), domain(-1e4, 1e4)]


@params
class Anchor:
    cap: Annotated[float, unit("bps"), domain(0.0, 100.0)] = 10.0
    share: Annotated[float, domain(0.0, 1.0)] = 0.02


@lane
def baseline(basis: Annotated[Bps, observes("raw")], p: Anchor) -> Bps:
    level = carry(initial=basis)
    level = level + p.share * (basis - level)
    return level


@lane
def residual(basis: Bps, p: Anchor) -> Bps:
    basis = max(min(basis, p.cap), -p.cap)
    return basis - baseline(basis, p)
