"""Arithmetic that lanes share. `clamp`, `is_finite` and `ema_step` are plain functions: they take and keep any unit."""

from lanes.num.clamp import clamp
from lanes.num.ema_step import EmaForm, alpha_from_span, ema_step
from lanes.num.is_finite import is_finite
from lanes.num.k_exp import k_exp
from lanes.num.k_log import k_log
from lanes.num.powc import powc

__all__ = ["EmaForm", "alpha_from_span", "clamp", "ema_step", "is_finite", "k_exp", "k_log", "powc"]
