"""Risk aversion from the state of the market and of the book."""

from __future__ import annotations

from dag import as_unit, lane, params
from lanes.market_maker.risk_features import RiskFeatures
from lanes.num.clamp import clamp
from lanes.num.k_exp import k_exp
from lanes.num.k_log import k_log
from lanes.units import Frac, Gamma


@params
class CalibratedGamma:
    """Gamma at rest, how many nats each feature adds at 1, and the limits. `br` is 0 where the regime has no say."""

    base: Gamma = 0.15
    bv: float = 1.5
    bt: float = 0.8
    bi: float = 0.5
    bh: float = 0.6
    br: float = 2.0
    gmin: Gamma = 0.03
    gmax: Gamma = 8.0


@lane
def calibrated_gamma(features: RiskFeatures, sev: Frac, p: CalibratedGamma) -> Gamma:
    """A log-linear model: each feature multiplies gamma by a power of e.

    Units    [gamma]; features and severity are plain numbers
    Bits     ln(base) + bv vol + bt tox + bi inv + bh hawkes + br sev, left to right; k_exp; then held within [gmin, gmax]
    Edges    the limits bound this gamma, not its product with a multiplier: see `quote_gamma`
    Source   the market maker's redesign: 0.15, 0.29, 0.57 and 1.11 over the four regimes, a span of 7.4
    [chosen] three further terms of the published model (depth, uncertainty, confidence) are absent
    """
    log_gamma = k_log(as_unit(p.base, "1")) + p.bv * features.vol
    log_gamma = log_gamma + p.bt * features.tox
    log_gamma = log_gamma + p.bi * features.inv
    log_gamma = log_gamma + p.bh * features.hawkes
    log_gamma = log_gamma + p.br * sev
    gamma = clamp(as_unit(k_exp(log_gamma), "gamma"), p.gmin, p.gmax)
    return gamma
