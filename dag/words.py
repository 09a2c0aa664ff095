"""Values as 64-bit words: the only form in which two backends are ever compared.

f64 is its IEEE-754 pattern with every NaN made the one canonical quiet NaN, i64 and enum codes are two's
complement, bool is 0 or 1. A column is a numpy array: float64 for f64, int64 for i64 and enum, bool for bool.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dag.types import Kind, Type, Value

CANONICAL_NAN = 0x7FF8_0000_0000_0000
MASK = 0xFFFF_FFFF_FFFF_FFFF

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


def wrap_i64(n: int) -> int:
    """`n` reduced to two's complement 64 bits."""
    return ((n + (1 << 63)) & MASK) - (1 << 63)


def word_of(value: Value, type_: Type) -> int:
    """The unsigned 64-bit word of one value."""
    match type_.kind:
        case Kind.F64:
            return float_bits(float(value)) & MASK
        case Kind.I64 | Kind.ENUM:
            return int(value) & MASK
        case Kind.BOOL:
            return int(bool(value))


def value_of(word: int, type_: Type) -> Value:
    """The value whose word is `word`."""
    match type_.kind:
        case Kind.F64:
            return bits_float(word)
        case Kind.I64 | Kind.ENUM:
            return wrap_i64(word)
        case Kind.BOOL:
            return bool(word)


def column_dtype(type_: Type) -> np.dtype[Any]:
    """The numpy dtype of a column of this type."""
    match type_.kind:
        case Kind.F64:
            return np.dtype(np.float64)
        case Kind.I64 | Kind.ENUM:
            return np.dtype(np.int64)
        case Kind.BOOL:
            return np.dtype(np.bool_)


def words_of_column(column: Column, type_: Type) -> Words:
    """The words of a whole column, as a new uint64 array of the same shape."""
    if type_.kind is Kind.F64:
        words = np.ascontiguousarray(column, dtype=np.float64).view(np.uint64).copy()
        words[np.isnan(column)] = CANONICAL_NAN
        return words
    return np.ascontiguousarray(column).astype(np.int64).view(np.uint64)


def column_of_words(words: Words, type_: Type) -> Column:
    """The column whose words these are; the inverse of `words_of_column`."""
    contiguous = np.ascontiguousarray(words, dtype=np.uint64)
    match type_.kind:
        case Kind.F64:
            return contiguous.view(np.float64)
        case Kind.I64 | Kind.ENUM:
            return contiguous.view(np.int64)
        case Kind.BOOL:
            return np.not_equal(contiguous, 0)


def show(value: Value, type_: Type) -> str:
    """`value` as a reader wants it: shortest decimal that round-trips, enum member names, True/False."""
    if type_.members is not None:
        return type_.members.name_of(int(value)) or str(int(value))
    return repr(bool(value)) if type_.kind is Kind.BOOL else repr(value)
