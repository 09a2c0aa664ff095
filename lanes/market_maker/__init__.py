"""How large a position may get, how averse to risk quotes are, which way they lean, and what limits them."""

from lanes.market_maker.beliefs import Beliefs, RegimeMultipliers, RegimeSeverities
from lanes.market_maker.calibrated_gamma import CalibratedGamma, calibrated_gamma
from lanes.market_maker.cap_prop_max_position import CapPropMaxPosition, cap_prop_max_position
from lanes.market_maker.depth import Prices, Sizes
from lanes.market_maker.depth_asymmetry import DepthAsymmetry, depth_asymmetry
from lanes.market_maker.depth_momentum import depth_momentum
from lanes.market_maker.edge_attribution_equal import edge_attribution_equal
from lanes.market_maker.effective_signals import Effective, EffectiveSignals, effective_signals
from lanes.market_maker.envelope_monitor import BestQuotes, Monitor, envelope_monitor
from lanes.market_maker.funding_skew import FundingSkew, funding_skew
from lanes.market_maker.generation_envelope import Capacities, Envelope, generation_envelope
from lanes.market_maker.kappa_fit import KappaFit, kappa_asymmetry, kappa_fit
from lanes.market_maker.kill_limits import KillLimits, Limits, kill_limits
from lanes.market_maker.kill_switch import kill_switch
from lanes.market_maker.margin_utilisation import MarginUtilisation, margin_utilisation
from lanes.market_maker.market_maker import MarketMaker
from lanes.market_maker.oi_momentum import OiMomentum, OiSignal, oi_momentum
from lanes.market_maker.position_swing_5m import PositionSwing, position_swing_5m
from lanes.market_maker.pre_eff_max_position import pre_eff_max_position
from lanes.market_maker.quote_gamma import QuoteGamma, quote_gamma
from lanes.market_maker.quoting_gate import quoting_gate
from lanes.market_maker.regime_gamma_blend import GammaBlend, RegimeGammaBlend, regime_gamma_blend
from lanes.market_maker.regime_label import RegimeLabel, kl_uniform4, regime_label
from lanes.market_maker.regime_severity import RegimeSeverity, regime_severity
from lanes.market_maker.risk_features import RiskFeatures, risk_features
from lanes.market_maker.skew_sum import SignalMask, Signals, SkewSum, skew_sum
from lanes.market_maker.swing_tier import SwingTiers, swing_tier
from lanes.market_maker.vol_adj import VolAdj, vol_adj

__all__ = [
    "Beliefs",
    "BestQuotes",
    "CalibratedGamma",
    "CapPropMaxPosition",
    "Capacities",
    "DepthAsymmetry",
    "Effective",
    "EffectiveSignals",
    "Envelope",
    "FundingSkew",
    "GammaBlend",
    "KappaFit",
    "KillLimits",
    "Limits",
    "MarginUtilisation",
    "MarketMaker",
    "Monitor",
    "OiMomentum",
    "OiSignal",
    "PositionSwing",
    "Prices",
    "QuoteGamma",
    "RegimeGammaBlend",
    "RegimeLabel",
    "RegimeMultipliers",
    "RegimeSeverities",
    "RegimeSeverity",
    "RiskFeatures",
    "SignalMask",
    "Signals",
    "Sizes",
    "SkewSum",
    "SwingTiers",
    "VolAdj",
    "calibrated_gamma",
    "cap_prop_max_position",
    "depth_asymmetry",
    "depth_momentum",
    "edge_attribution_equal",
    "effective_signals",
    "envelope_monitor",
    "funding_skew",
    "generation_envelope",
    "kappa_asymmetry",
    "kappa_fit",
    "kill_limits",
    "kill_switch",
    "kl_uniform4",
    "margin_utilisation",
    "oi_momentum",
    "position_swing_5m",
    "pre_eff_max_position",
    "quote_gamma",
    "quoting_gate",
    "regime_gamma_blend",
    "regime_label",
    "regime_severity",
    "risk_features",
    "skew_sum",
    "swing_tier",
    "vol_adj",
]
