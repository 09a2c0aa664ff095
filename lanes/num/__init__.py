"""Arithmetic that lanes share, beside what the language has: `min`, `max`, `ieee_div`, `round`, `rint`, `sum_seq`, `sum_pairwise`.

What is not a lane is a plain function that takes any unit: `clamp`, `is_finite`, `ema_step`, `sum_numpy`,
`mean_and_deviation`, `ascending`, `percentile`.
"""

from lanes.num.clamp import clamp
from lanes.num.ema_step import EmaForm, alpha_from_span, ema_step
from lanes.num.is_finite import is_finite
from lanes.num.k_exp import k_exp
from lanes.num.k_log import k_log
from lanes.num.k_ncdf import k_ncdf
from lanes.num.mean_and_deviation import mean_and_deviation
from lanes.num.percentile import ascending, percentile
from lanes.num.powc import powc
from lanes.num.sum_numpy import sum_numpy

__all__ = [
    "EmaForm",
    "alpha_from_span",
    "ascending",
    "clamp",
    "ema_step",
    "is_finite",
    "k_exp",
    "k_log",
    "k_ncdf",
    "mean_and_deviation",
    "percentile",
    "powc",
    "sum_numpy",
]
