"""Floats as whole numbers in their order, so that a distance is a count of representable numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dag.values.types import Kind, Type, Value
from dag.values.words import Column, value_of, word_of

Integers = NDArray[np.int64]
#: Above so many steps a distance is kept only to the 53 bits of a float.
_NEAR = 2.0**60


def ordinal(column: Column) -> Integers:
    """The place of each value among those of its type: neighbours differ by one, both zeros are 0. NaNs are beyond infinity."""
    if column.dtype == np.float64:
        bits = np.ascontiguousarray(column).view(np.int64)
        return np.where(bits >= 0, bits, -(bits & np.int64(0x7FFF_FFFF_FFFF_FFFF)))
    if column.dtype == np.float32:
        short = np.ascontiguousarray(column).view(np.int32).astype(np.int64)
        return np.where(short >= 0, short, -(short & 0x7FFF_FFFF))
    return column.astype(np.int64)


def stepped(value: Value, steps: int, type_: Type) -> Value:
    """The value, `steps` values of its type further; stops at the infinities. An integer is not held in its range."""
    if not type_.is_float:
        return int(value) + steps
    single = type_.kind is Kind.F32
    sign, most = (1 << 31, 0x7F80_0000) if single else (1 << 63, 0x7FF0_0000_0000_0000)
    word = word_of(value, type_)
    place = min(max((sign - word if word & sign else word) + steps, -most), most)
    return value_of(place if place >= 0 else sign - place, type_)


def gap(a: Column, b: Column) -> NDArray[np.float64]:
    """How many places `a` is above `b` (below: negative); exact where they are near."""
    one, other = ordinal(a), ordinal(b)
    rough = one.astype(np.float64) - other.astype(np.float64)
    with np.errstate(over="ignore"):
        return np.where(np.abs(rough) < _NEAR, (one - other).astype(np.float64), rough)
