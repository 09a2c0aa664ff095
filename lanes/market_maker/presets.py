"""The market maker as redesigned and as it was."""

from __future__ import annotations

from lanes.independence.scarcity_premium import ScarcityPremium
from lanes.market_maker.beliefs import RegimeMultipliers, RegimeSeverities
from lanes.market_maker.calibrated_gamma import CalibratedGamma
from lanes.market_maker.cap_prop_max_position import CapPropMaxPosition
from lanes.market_maker.effective_signals import EffectiveSignals
from lanes.market_maker.funding_skew import FundingSkew
from lanes.market_maker.kappa_fit import KappaFit
from lanes.market_maker.kill_limits import KillLimits
from lanes.market_maker.margin_utilisation import MarginUtilisation
from lanes.market_maker.market_maker import MarketMaker
from lanes.market_maker.oi_momentum import OiMomentum
from lanes.market_maker.position_swing_5m import PositionSwing
from lanes.market_maker.quote_gamma import QuoteGamma
from lanes.market_maker.regime_gamma_blend import RegimeGammaBlend
from lanes.market_maker.regime_label import RegimeLabel
from lanes.market_maker.regime_severity import RegimeSeverity
from lanes.market_maker.skew_sum import SignalMask
from lanes.market_maker.swing_tier import SwingTiers
from lanes.market_maker.vol_adj import VolAdj


def _with_gamma(mult: RegimeMultipliers, floor: float, gamma: CalibratedGamma, redesigned: bool) -> MarketMaker:
    """What both have, around what differs: before the redesign capital limited no position, a swing had no consequence, the loss limit
    was 50 dollars of anything, and a signal without a source was a copy of the book's."""
    return MarketMaker(
        position=CapPropMaxPosition(budget=0.50, min_usd=10.0, vol=VolAdj(baseline=0.02, sens=0.5), on=redesigned),
        swing=PositionSwing(bucket_s=10.0, buckets=30),
        tiers=SwingTiers(widen=1.0, reduce=1.5, pull=2.0, on=redesigned),
        kill=KillLimits(loss=0.05, dd=0.02, min_peak=0.005),
        kill_fixed=not redesigned,
        kill_fixed_usd=50.0,
        blend=RegimeGammaBlend(mult=mult, floor=floor, alpha=0.05),
        label=RegimeLabel(margin=0.20, kl_min=0.3, to_ext=0.0, from_ext=300.0, up=30.0, down=120.0),
        severity=RegimeSeverity(sev=RegimeSeverities(calm=0.0, normal=0.33, volatile=0.67, extreme=1.0)),
        gamma=gamma,
        quoted=QuoteGamma(gmin=gamma.gmin, gmax=gamma.gmax),
        kappa=KappaFit(prior=2000.0, kmin=50.0, kmax=10_000.0),
        funding=FundingSkew(gain=0.1, max_skew=5.0, alpha=0.08, on=True),
        oi=OiMomentum(oi_eps=0.001, px_eps=5.0),
        mask=SignalMask(
            use_lead_lag=False,
            use_cross_venue=False,
            use_book_shape=True,
            use_funding_alpha=True,
            native_fallback=not redesigned,
        ),
        correlation=EffectiveSignals(win=500, min_n=30),
        premium=ScarcityPremium(max_bps=2.0 if redesigned else 0.0),
        margin=MarginUtilisation(calm=0.85, extreme=0.50),
        book_gain=1.0,
    )


MM_PROPOSED = _with_gamma(
    RegimeMultipliers(calm=0.7, normal=1.0, volatile=3.0, extreme=6.0),
    0.5,
    CalibratedGamma(base=0.15, bv=1.5, bt=0.8, bi=0.5, bh=0.6, br=2.0, gmin=0.03, gmax=8.0),
    redesigned=True,
)
MM_CURRENT = _with_gamma(
    RegimeMultipliers(calm=1.0, normal=1.2, volatile=2.0, extreme=3.0),
    1.0,
    CalibratedGamma(base=0.15, bv=1.0, bt=0.5, bi=0.3, bh=0.4, br=0.0, gmin=0.05, gmax=5.0),
    redesigned=False,
)
