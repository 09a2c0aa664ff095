"""Values that break arithmetic: every generator of test data draws from them."""

from __future__ import annotations

import math
import sys

import numpy as np

from dag.types import Kind, Type
from dag.words import Column, bits_float, column_dtype

_MAX = sys.float_info.max
_TINY = sys.float_info.min
_POSITIVE = (
    0.0, 5e-324, 1e-310, math.nextafter(_TINY, 0.0), _TINY, 1e-200, 0.1, 0.25, math.nextafter(0.5, 0.0), 0.5,
    math.nextafter(0.5, 1.0), math.nextafter(1.0, 0.0), 1.0, math.nextafter(1.0, 2.0), 1.5, 2.0, 2.5, 3.5, 7.3,
    1e15 + 0.5, 2.0**52 - 0.5, 2.0**52, 2.0**52 + 1, 2.0**53, 2.0**53 + 2, 1e100, 2.0**62,
    math.nextafter(2.0**63, 0.0), 2.0**63, math.nextafter(2.0**63, math.inf), 2.0**64, 1e200, _MAX, math.inf,
)  # fmt: skip
#: f64: both zeros, subnormals, ties, neighbours of 0.5, 1, 2^52 and 2^63, the largest, infinities, NaNs of both kinds.
SPECIAL_F64: tuple[float, ...] = (
    *_POSITIVE,
    *(-x for x in _POSITIVE),
    math.nan,
    bits_float(0xFFF8_0000_0000_0001),
    bits_float(0x7FF0_0000_0000_0001),
)
#: i64: the ends, the neighbours of zero, of shift widths and of 2^53.
SPECIAL_I64: tuple[int, ...] = (
    0, 1, -1, 2, -2, 3, 7, -7, 31, 62, 63, 64, 65, -63, -64, 127, 1 << 31, -(1 << 31), (1 << 53) - 1, (1 << 53) + 1,
    -(1 << 53) - 1, 1 << 62, (1 << 63) - 1, -(1 << 63) + 1, -(1 << 63), 0x7FF0_0000_0000_0001, 0x3FF0_0000_0000_0000,
)  # fmt: skip


def special_column(rng: np.random.Generator, type_: Type, shape: tuple[int, ...]) -> Column:
    """Half special values, half ordinary ones (for f64 of all magnitudes)."""
    special = rng.random(shape) < 0.5
    match type_.kind:
        case Kind.F64:
            ordinary = rng.normal(size=shape) * 10.0 ** rng.integers(-12, 13, shape)
            return np.where(special, rng.choice(np.array(SPECIAL_F64), shape), ordinary)
        case Kind.I64:
            ordinary = rng.integers(-1000, 1000, shape)
            return np.where(special, rng.choice(np.array(SPECIAL_I64, dtype=np.int64), shape), ordinary)
        case Kind.BOOL:
            return rng.random(shape) < 0.5
        case Kind.ENUM:
            assert type_.members is not None
            codes = [code for _, code in type_.members.codes]
            return rng.choice(np.array(codes, dtype=column_dtype(type_)), shape)
