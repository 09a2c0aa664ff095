"""Risk aversion was blended from the regimes on every cycle, and the quotes went on reading the constant."""

from typing import Annotated

from dagc import carry, domain, lane, params, unit

Gamma = Annotated[float, unit("gamma"), domain(0.0, 10.0)]


@params
class Quoting:
    share: Annotated[float, domain(0.0, 1.0)] = 0.05
    gamma: Gamma = 1.2


@lane
def blended_gamma(regime: Gamma, p: Quoting) -> Gamma:
    level = carry(initial=regime)
    level = level + p.share * (regime - level)
    return level


@lane
def skew(inventory: Annotated[float, domain(-1.0, 1.0)], regime: Gamma, p: Quoting) -> Gamma:
    gamma = blended_gamma(regime, p)
    return p.gamma * inventory
