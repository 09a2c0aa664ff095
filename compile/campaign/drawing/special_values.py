"""Values that break arithmetic: every generator of test data draws from them."""

from __future__ import annotations

import math
import sys

import numpy as np

from dag.values.types import Kind, Type
from dag.values.words import Column, bits_float, column_dtype

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
#: f32: as f64, around the ends of binary32; all of them are binary32 numbers.
_POSITIVE_F32 = (
    0.0, 2.0**-149, 2.0**-140 * 1.25, 2.0**-126 - 2.0**-149, 2.0**-126, 2.0**-126 + 2.0**-149, 2.0**-75, 2.0**-63 * 1.5,
    float(np.float32(0.1)), 0.5 - 2.0**-25, 0.5, 0.5 + 2.0**-24, 1.0 - 2.0**-24, 1.0, 1.0 + 2.0**-23, 1.5, 2.5, 3.5,
    float(np.float32(7.3)), 2.0**22 + 0.5, 2.0**23 - 0.5, 2.0**23 + 1, 2.0**24, 2.0**24 - 1, 2.0**31, 2.0**62, 2.0**63,
    2.0**64 * (1 + 2.0**-23), 2.0**100, float(np.finfo(np.float32).max), math.inf,
)  # fmt: skip
SPECIAL_F32: tuple[float, ...] = (*_POSITIVE_F32, *(-x for x in _POSITIVE_F32), math.nan)
SPECIAL_I32: tuple[int, ...] = (
    0, 1, -1, 2, -7, 31, 32, 64, (1 << 24) + 1, (1 << 31) - 1, -(1 << 31) + 1, -(1 << 31), 0x7FC0_0000, 0x7F80_0001,
    0x3F80_0000, -8388608,
)  # fmt: skip


def special_column(rng: np.random.Generator, type_: Type, shape: tuple[int, ...]) -> Column:
    """Half special values, half ordinary ones (for floats of all magnitudes)."""
    special = rng.random(shape) < 0.5
    match type_.kind:
        case Kind.F64:
            ordinary = rng.normal(size=shape) * 10.0 ** rng.integers(-12, 13, shape)
            return np.where(special, rng.choice(np.array(SPECIAL_F64), shape), ordinary)
        case Kind.F32:
            near = (rng.normal(size=shape) * 10.0 ** rng.integers(-12, 13, shape)).astype(np.float32)
            return np.where(special, rng.choice(np.array(SPECIAL_F32, dtype=np.float32), shape), near)
        case Kind.I32:
            few = rng.integers(-1000, 1000, shape, dtype=np.int32)
            return np.where(special, rng.choice(np.array(SPECIAL_I32, dtype=np.int32), shape), few)
        case Kind.I64:
            ordinary = rng.integers(-1000, 1000, shape)
            return np.where(special, rng.choice(np.array(SPECIAL_I64, dtype=np.int64), shape), ordinary)
        case Kind.BOOL:
            return rng.random(shape) < 0.5
        case Kind.ENUM:
            assert type_.members is not None
            codes = [code for _, code in type_.members.codes]
            return rng.choice(np.array(codes, dtype=column_dtype(type_)), shape)
