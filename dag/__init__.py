"""The language: lanes, parameters, units, and the graph they build.

What a lane file imports is here (and again in `dagc`); the tracer is `dag.trace.trace`, files are read by `dag.loading`.
"""

from dag.annotations import domain, safe, unit
from dag.carry import carry, warm
from dag.intrinsics import (
    array,
    as_unit,
    bits_float,
    ceil,
    float32,
    float_bits,
    floor,
    fma,
    ieee_div,
    int32,
    put,
    rint,
    sqrt,
    sum_pairwise,
    sum_seq,
    trunc,
    wrapping_add,
    wrapping_mul,
    wrapping_sub,
)
from dag.lane import AnyLane, Lane, lane
from dag.lifetime import persistent
from dag.params import ParamError, params

__all__ = [
    "AnyLane",
    "Lane",
    "ParamError",
    "array",
    "as_unit",
    "bits_float",
    "carry",
    "ceil",
    "domain",
    "float32",
    "float_bits",
    "floor",
    "fma",
    "ieee_div",
    "int32",
    "lane",
    "params",
    "persistent",
    "put",
    "rint",
    "safe",
    "sqrt",
    "sum_pairwise",
    "sum_seq",
    "trunc",
    "unit",
    "warm",
    "wrapping_add",
    "wrapping_mul",
    "wrapping_sub",
]
