"""Functions of Python and numpy that a lane on numbers must not call as they are: beside narrow numbers they mean something else.

numpy's scalars compute like the graph, but `min(x, 0.1)` would hand out the literal itself, and `0.1 * 0.1` is then
computed in binary64. A float that numpy made rounds to digits in numpy's way, not in CPython's.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from dag.numbers.numpy_words import NUMPY_WORDS
from dag.operators.meanings import i64_to_f32, saturating_i64
from dag.values.binary32 import FLOAT32, INT32, as_literal, in_one_type, is_narrow
from dag.values.words import round_f32, wrap_i32


def to_float32(x: Any) -> Any:
    """`float32(x)`: the nearest binary32, of an integer too, which is not rounded to binary64 on the way."""
    whole = isinstance(x, int) and -(1 << 63) <= x < 1 << 63
    return FLOAT32(i64_to_f32(x) if whole else round_f32(float(x)))


def to_int32(x: Any) -> Any:
    """`int32(x)`: the low 32 bits of `int(x)`, which saturates at the ends of i64; 0 for NaN."""
    return INT32(wrap_i32(saturating_i64(float(x)) if isinstance(x, (float, FLOAT32)) else int(x)))


def _extreme(python: Callable[..., Any]) -> Callable[..., Any]:
    def extreme(*items: Any, **named: Any) -> Any:
        several = tuple(items[0]) if len(items) == 1 else items
        return python(in_one_type(several) if any(map(is_narrow, several)) else several, **named)

    return extreme


def _sum(items: Any, start: Any = 0) -> Any:
    """numpy's bools, what comparing narrow numbers gives, count as Python's."""
    return sum((int(x) if isinstance(x, np.bool_) else x for x in items), start)


def _round(x: Any, digits: int | None = None) -> Any:
    if isinstance(x, INT32):
        return x
    if isinstance(x, FLOAT32) and digits is not None:
        raise TypeError("a float32 is not rounded to digits; convert it: round(float(x), digits)")
    return round(as_literal(x), digits)


def copysign(x: Any, sign: Any) -> float:
    """The magnitude of `x` with the sign of `sign`. What sign a NaN has depends on the machine that made it: here it has none."""
    return math.copysign(x, 1.0 if sign != sign else sign)


def _trunc(x: Any) -> int:
    return int(x)  # numpy's float32 does not know `math.trunc`


#: The function that a lane's text names -> the one that runs.
ON_NUMBERS: dict[object, Callable[..., Any]] = {
    FLOAT32: to_float32,
    INT32: to_int32,
    min: _extreme(min),
    max: _extreme(max),
    sum: _sum,
    round: _round,
    math.trunc: _trunc,
    math.copysign: copysign,
    np.copysign: copysign,
    np.isfinite: lambda x: bool(np.isfinite(x)),
    np.isinf: lambda x: bool(np.isinf(x)),
    **NUMPY_WORDS,
}
