"""The parameters of a market maker, lane by lane."""

from __future__ import annotations

from typing import Annotated

from dag import params, unit
from lanes.independence.scarcity_premium import ScarcityPremium
from lanes.market_maker.calibrated_gamma import CalibratedGamma
from lanes.market_maker.cap_prop_max_position import CapPropMaxPosition
from lanes.market_maker.effective_signals import EffectiveSignals
from lanes.market_maker.funding_skew import FundingSkew
from lanes.market_maker.kappa_fit import KappaFit
from lanes.market_maker.kill_limits import KillLimits
from lanes.market_maker.margin_utilisation import MarginUtilisation
from lanes.market_maker.oi_momentum import OiMomentum
from lanes.market_maker.position_swing_5m import PositionSwing
from lanes.market_maker.quote_gamma import QuoteGamma
from lanes.market_maker.regime_gamma_blend import RegimeGammaBlend
from lanes.market_maker.regime_label import RegimeLabel
from lanes.market_maker.regime_severity import RegimeSeverity
from lanes.market_maker.skew_sum import SignalMask
from lanes.market_maker.swing_tier import SwingTiers
from lanes.units import Usd


@params
class MarketMaker:
    """Everything a market maker can be tuned by. `lanes.presets` has two complete ones."""

    position: CapPropMaxPosition = CapPropMaxPosition()
    swing: PositionSwing = PositionSwing()
    tiers: SwingTiers = SwingTiers()
    kill: KillLimits = KillLimits()
    kill_fixed: bool = False  # a loss limit in dollars instead of a share of capital
    kill_fixed_usd: Usd = 50.0
    blend: RegimeGammaBlend = RegimeGammaBlend()
    label: RegimeLabel = RegimeLabel()
    severity: RegimeSeverity = RegimeSeverity()
    gamma: CalibratedGamma = CalibratedGamma()
    quoted: QuoteGamma = QuoteGamma()
    kappa: KappaFit = KappaFit()
    funding: FundingSkew = FundingSkew()
    oi: OiMomentum = OiMomentum()
    mask: SignalMask = SignalMask()
    correlation: EffectiveSignals = EffectiveSignals()
    premium: ScarcityPremium = ScarcityPremium()
    margin: MarginUtilisation = MarginUtilisation()
    book_gain: Annotated[float, unit("bps")] = 1.0  # skew for a nat of depth asymmetry
