"""How many signals there really are, and which of them explains what."""

from lanes.independence.effective_n import effective_n, participation
from lanes.independence.is_degenerate import IsDegenerate, is_degenerate
from lanes.independence.scarcity_premium import ScarcityPremium, scarcity_premium
from lanes.independence.shapley_r2 import Attribution, shapley_r2, shapley_split
from lanes.independence.signal_corr import SignalCorr, SignalCorrelations, signal_corr
from lanes.independence.six import Correlations, Matrix, Row
from lanes.independence.welford_cov import Covariance, welford_cov

__all__ = [
    "Attribution",
    "Correlations",
    "Covariance",
    "IsDegenerate",
    "Matrix",
    "Row",
    "ScarcityPremium",
    "SignalCorr",
    "SignalCorrelations",
    "effective_n",
    "is_degenerate",
    "participation",
    "scarcity_premium",
    "shapley_r2",
    "shapley_split",
    "signal_corr",
    "welford_cov",
]
