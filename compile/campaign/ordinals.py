"""Floats as whole numbers in their order, so that a distance is a count of representable numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dag.words import Column

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


def from_ordinal(places: Integers, dtype: np.dtype[Any]) -> Column:
    """The values at these places of a float type, or the integers themselves."""
    if dtype == np.float64:
        bits = np.where(places >= 0, places, (-places) | np.int64(-(1 << 63)))
        return np.ascontiguousarray(bits).view(np.float64)
    if dtype == np.float32:
        short = np.where(places >= 0, places, (-places) | (1 << 31)).astype(np.uint32)
        return np.ascontiguousarray(short).view(np.float32)
    return places.astype(dtype)


def moved(column: Column, steps: Integers) -> Column:
    """Each value, `steps` representable numbers further; stops at the infinities, and at the ends of the integers."""
    places = ordinal(column)
    if column.dtype == np.float64:
        end = 0x7FF0_0000_0000_0000
    elif column.dtype == np.float32:
        end = 0x7F80_0000
    else:
        end = int(np.iinfo(column.dtype).max)
    low = -end if column.dtype.kind == "f" else int(np.iinfo(column.dtype).min)
    with np.errstate(over="ignore"):
        there = places + steps
    there = np.where((steps > 0) & (there < places), end, np.where((steps < 0) & (there > places), low, there))
    return from_ordinal(np.clip(there, low, end), column.dtype)


def gap(a: Column, b: Column) -> NDArray[np.float64]:
    """How many places `a` is above `b` (below: negative); exact where they are near."""
    one, other = ordinal(a), ordinal(b)
    rough = one.astype(np.float64) - other.astype(np.float64)
    with np.errstate(over="ignore"):
        return np.where(np.abs(rough) < _NEAR, (one - other).astype(np.float64), rough)
