"""What risk aversion depends on, brought to one scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import as_unit, domain, lane, unit
from lanes.num.clamp import clamp
from lanes.units import Contracts, Frac, Size

#: A baseline that small is none.
NOTHING = 1e-9

Sigma = Annotated[float, unit("frac"), domain(lo=0.0)]
Excess = Annotated[float, domain(-1.0, 3.0)]


@dataclass(frozen=True)
class RiskFeatures:
    """Excess volatility, toxicity, inventory, excess intensity of trading."""

    vol: Excess
    tox: Frac
    inv: Frac
    hawkes: Excess


@lane
def risk_features(
    sigma: Sigma, sigma0: Sigma, tox: Annotated[float, unit("frac")], pos: Contracts, max_pos: Size, activity_pct: Frac
) -> RiskFeatures:
    """The four features of `calibrated_gamma`.

    Units    volatilities, toxicity and the activity's percentile are fractions, positions [contracts]
    Bits     vol (sigma - sigma0) / sigma0 within [-1, 3]; tox within [0, 1]; inv |pos| / max_pos within [0, 1];
             hawkes (activity_pct - 0.5) * 2 within [-1, 3]
    Edges    a usual volatility or a largest position of 1e-9 or less gives 0
    [chosen] all four, as in the published code
    """
    vol = clamp((sigma - sigma0) / sigma0, -1.0, 3.0) if sigma0 > NOTHING else 0.0
    inv = clamp(abs(pos) / max_pos, 0.0, 1.0) if max_pos > as_unit(NOTHING, "contracts") else 0.0
    toxicity = clamp(tox, 0.0, 1.0)
    hawkes = clamp((activity_pct - 0.5) * 2.0, -1.0, 3.0)
    return RiskFeatures(vol=vol, tox=toxicity, inv=inv, hawkes=hawkes)
