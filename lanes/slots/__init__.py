"""Slots: places of a graph with a signature and a neutral value, into which any lane of that signature can be plugged.

What is not here has no port: the bandit that chooses a binding works on instances (`dagc.live.instances`), the study of the base fraction
is a parameter of `base_cubic_sizer`, and configuration groups are parameters too.
"""

from lanes.slots.market_maker import DiurnalFit, cross_venue, diurnal_fit, lead_lag, mm_promotion
from lanes.slots.signals import (
    LongEntry,
    ObFeatures,
    efsm_long,
    exit_v7,
    mc_forewarner,
    ob_features,
    stable_irp_signal,
)
from lanes.slots.sizing import HashRegime, composite_hash_regime, meta_boost, z_leverage_gate

__all__ = [
    "DiurnalFit",
    "HashRegime",
    "LongEntry",
    "ObFeatures",
    "composite_hash_regime",
    "cross_venue",
    "diurnal_fit",
    "efsm_long",
    "exit_v7",
    "lead_lag",
    "mc_forewarner",
    "meta_boost",
    "mm_promotion",
    "ob_features",
    "stable_irp_signal",
    "z_leverage_gate",
]
