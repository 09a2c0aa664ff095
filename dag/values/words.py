"""Values as 64-bit words: the only form in which two backends are ever compared.

f64 and f32 are their IEEE-754 patterns (that of an f32 in the low half) with every NaN made the one canonical quiet NaN of
the format; i64, i32 and enum codes are two's complement, sign extended; bool is 0 or 1. A column is a numpy array: float64
for f64, float32 for f32, int64 for i64 and enum, int32 for i32, bool for bool.
"""

from __future__ import annotations

import ctypes
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dag.values.floating_point import in_standard_environment
from dag.values.types import Kind, Type, Value

CANONICAL_NAN = 0x7FF8_0000_0000_0000
CANONICAL_NAN_32 = 0x7FC0_0000
MASK = 0xFFFF_FFFF_FFFF_FFFF
MASK_32 = 0xFFFF_FFFF

Column = NDArray[Any]
Words = NDArray[np.uint64]


def float_bits(x: float) -> int:
    """The 64 bits of `x` as a signed integer; a NaN keeps no payload, it is the canonical one."""
    bits: int = struct.unpack("<q", struct.pack("<d", x))[0]
    return bits if x == x else CANONICAL_NAN


def bits_float(bits: int) -> float:
    """The binary64 whose pattern is `bits` (signed or unsigned 64-bit)."""
    value: float = struct.unpack("<d", struct.pack("<Q", bits & MASK))[0]
    return value


def round_f32(x: float) -> float:
    """The binary32 nearest to `x`, ties to even, as a float: what `float32(x)` is. Overflows to an infinity."""
    return ctypes.c_float(x).value


def float_bits_32(x: float) -> int:
    """The 32 bits of an f32 as a signed 32-bit integer; a NaN keeps no payload, it is the canonical one."""
    bits: int = struct.unpack("<i", ctypes.c_float(x))[0]
    return bits if x == x else CANONICAL_NAN_32


def bits_float_32(bits: int) -> float:
    """The binary32 whose pattern is `bits` (signed or unsigned 32-bit), as a float."""
    return ctypes.c_float.from_buffer_copy(struct.pack("<I", bits & MASK_32)).value


def wrap_i32(n: int) -> int:
    """`n` reduced to two's complement 32 bits."""
    return ((n + (1 << 31)) & MASK_32) - (1 << 31)


def wrap_i64(n: int) -> int:
    """`n` reduced to two's complement 64 bits."""
    return ((n + (1 << 63)) & MASK) - (1 << 63)


def word_of(value: Value, type_: Type) -> int:
    """The unsigned 64-bit word of one value."""
    match type_.kind:
        case Kind.F64:
            return float_bits(float(value)) & MASK
        case Kind.F32:
            return float_bits_32(float(value)) & MASK_32
        case Kind.I64 | Kind.I32 | Kind.ENUM:
            return int(value) & MASK
        case Kind.BOOL:
            return int(bool(value))


def value_of(word: int, type_: Type) -> Value:
    """The value whose word is `word`."""
    match type_.kind:
        case Kind.F64:
            return bits_float(word)
        case Kind.F32:
            return bits_float_32(word)
        case Kind.I64 | Kind.I32 | Kind.ENUM:
            return wrap_i64(word)
        case Kind.BOOL:
            return bool(word)


def column_dtype(type_: Type) -> np.dtype[Any]:
    """The numpy dtype of a column of this type."""
    match type_.kind:
        case Kind.F64:
            return np.dtype(np.float64)
        case Kind.F32:
            return np.dtype(np.float32)
        case Kind.I64 | Kind.ENUM:
            return np.dtype(np.int64)
        case Kind.I32:
            return np.dtype(np.int32)
        case Kind.BOOL:
            return np.dtype(np.bool_)


def words_of_column(column: Column, type_: Type) -> Words:
    """The words of a whole column, as a new uint64 array of the same shape."""
    if type_.kind is Kind.F64:
        words = np.ascontiguousarray(column, dtype=np.float64).view(np.uint64).copy()
        words[np.isnan(column)] = CANONICAL_NAN
        return words
    if type_.kind is Kind.F32:
        words = np.ascontiguousarray(column, dtype=np.float32).view(np.uint32).astype(np.uint64)
        words[np.isnan(column)] = CANONICAL_NAN_32
        return words
    return np.ascontiguousarray(column).astype(np.int64).view(np.uint64)


@in_standard_environment
@in_standard_environment
def narrowed(column: Column) -> Column:
    """A column of float64 that binary32 holds exactly, as float32."""
    return column.astype(np.float32)


@in_standard_environment
def widened(column: Column, dtype: np.dtype[Any]) -> Column:
    """`column` in a wider dtype, exactly; itself where it has that dtype. numpy would warn of signalling NaNs, which turn quiet."""
    with np.errstate(invalid="ignore"):
        return column.astype(dtype, copy=False)


def column_of_words(words: Words, type_: Type) -> Column:
    """The column whose words these are; the inverse of `words_of_column`."""
    contiguous = np.ascontiguousarray(words, dtype=np.uint64)
    match type_.kind:
        case Kind.F64:
            return contiguous.view(np.float64)
        case Kind.F32:
            return contiguous.astype(np.uint32).view(np.float32)
        case Kind.I64 | Kind.ENUM:
            return contiguous.view(np.int64)
        case Kind.I32:
            return contiguous.view(np.int64).astype(np.int32)
        case Kind.BOOL:
            return np.not_equal(contiguous, 0)


def show(value: Value, type_: Type) -> str:
    """`value` as a reader wants it: shortest decimal that round-trips, enum member names, True/False."""
    if type_.members is not None:
        return type_.members.name_of(int(value)) or str(int(value))
    return repr(bool(value)) if type_.kind is Kind.BOOL else repr(value)
