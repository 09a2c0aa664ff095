"""The language: lanes, parameters, units, and the graph they build.

What a lane file imports is here (and again in `dagc`); the tracer is `dag.trace.trace`, files are read by `dag.loading`.
"""

from dag.annotations import domain, safe, unit
from dag.carry import carry
from dag.intrinsics import as_unit, bits_float, ceil, float_bits, floor, ieee_div, rint, sqrt, trunc
from dag.lane import AnyLane, Lane, lane
from dag.params import ParamError, params

__all__ = [
    "AnyLane",
    "Lane",
    "ParamError",
    "as_unit",
    "bits_float",
    "carry",
    "ceil",
    "domain",
    "float_bits",
    "floor",
    "ieee_div",
    "lane",
    "params",
    "rint",
    "safe",
    "sqrt",
    "trunc",
    "unit",
]
