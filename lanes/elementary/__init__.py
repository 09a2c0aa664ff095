"""Elementary functions made of basic operations, so that every backend agrees on every bit of them by construction."""

from lanes.elementary.circular import cos, sin
from lanes.elementary.exponential import exp, exp2
from lanes.elementary.exponential_less_one import expm1
from lanes.elementary.hyperbolic import cosh, sinh, tanh
from lanes.elementary.logarithm import log, log1p, log2
from lanes.elementary.normal import erf, normal_cdf, normal_ppf
from lanes.elementary.power import pow, pown  # noqa: A004 - that function

__all__ = [
    "cos", "cosh", "erf", "exp", "exp2", "expm1", "log", "log1p", "log2", "normal_cdf", "normal_ppf", "pow", "pown", "sin",
    "sinh", "tanh",
]  # fmt: skip
