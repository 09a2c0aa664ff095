"""Numpy columns as the 8-byte words the C interface takes, copied only where they must be."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compile.c.library import foreign
from dag.graphs.graph import Input, Param
from dag.values.types import Kind, Type, Value
from dag.values.words import CANONICAL_NAN, Column, column_dtype, narrowed, widened

Int64s = NDArray[np.int64]


def as_words(name: str, column: Column, type_: Type, shape: tuple[int, ...]) -> Int64s:
    """`column` as int64 words of `shape`; a view where its layout allows, broadcast axes kept.

    Raises ValueError for another shape, TypeError for a dtype that does not convert exactly.
    """
    if column.shape != shape:
        raise ValueError(f"column `{name}` has shape {list(column.shape)}, expected {list(shape)}")
    if not np.can_cast(column.dtype, column_dtype(type_), "safe"):
        raise TypeError(f"column `{name}` is {column.dtype}, expected {column_dtype(type_)} ({type_})")
    if type_.kind is Kind.F64:
        return column.astype(np.float64, copy=False).view(np.int64)
    if type_.kind in _WIDENED and column.size:
        # Only what is stored is widened; a broadcast axis stays one.
        stored = column[tuple(slice(0, 1) if step == 0 else slice(None) for step in column.strides)]
        return np.broadcast_to(widened(stored, _WIDENED[type_.kind]).view(np.int64), shape)
    return column.astype(np.int64, copy=False)


#: Kinds whose column is narrower than a word, and what a word of them holds.
_WIDENED = {Kind.F32: np.dtype(np.float64), Kind.I32: np.dtype(np.int64), Kind.BOOL: np.dtype(np.int64)}


def from_words(words: Int64s, type_: Type) -> Column:
    """The column whose words these are; a view where a value fills its word."""
    match type_.kind:
        case Kind.F64:
            return words.view(np.float64)
        case Kind.F32:
            return narrowed(words.view(np.float64))
        case Kind.I32:
            return words.astype(np.int32)
        case Kind.BOOL:
            return np.not_equal(words, 0)
        case Kind.I64 | Kind.ENUM:
            return words


def canonical(words: Int64s, are_floats: NDArray[np.bool_]) -> Int64s:
    """A copy of `words` [..., n] in which every NaN among the doubles, of n words those of `are_floats`, is the canonical one."""
    found = np.array(words)
    floats = np.ascontiguousarray(found).view(np.float64)
    found[np.isnan(floats) & are_floats] = CANONICAL_NAN
    return found


#: Which words are of a kind; of the others every word is.
WELL_FORMED: Mapping[Kind, Callable[[Int64s], NDArray[np.bool_]]] = {
    Kind.BOOL: lambda words: (words & ~1) == 0,
    Kind.I32: lambda words: words == words.astype(np.int32),
    Kind.F32: lambda words: _held_by_binary32(words.view(np.float64)),
}


def _held_by_binary32(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    with np.errstate(all="ignore"):
        same: NDArray[np.bool_] = (values.astype(np.float32) == values) | np.isnan(values)
    return same


def abi_word(value: Value, type_: Type) -> int:
    """One value as a word, an int64."""
    return int(as_words("", np.array(value, column_dtype(type_)), type_, ()))


def abi_value(word: int, type_: Type) -> Value:
    """The value of a word; the inverse of `abi_word`."""
    value: Value = from_words(np.array(word, np.int64), type_).item()
    return value


def column_table(ports: Sequence[Input | Param], words: Mapping[str, Int64s]) -> tuple[Any, list[Int64s]]:
    """A `dagc_column` array over words [bars, instances], and the arrays that must live as long as it does."""
    table = foreign().new("dagc_column[]", max(len(ports), 1))
    alive: list[Int64s] = []
    for entry, port in zip(table, ports, strict=False):
        column = words[port.name]
        bars, instances, *places = column.shape
        each = 8 * math.prod(places)
        steps = [0 if size == 1 else step for size, step in zip((bars, instances), column.strides, strict=False)]
        if steps[1] not in (0, each) or steps[0] % 8 or (places and column.strides[2] != 8 and places[0] > 1):
            column = np.ascontiguousarray(column)
            steps = [each * instances if bars > 1 else 0, each]
        entry.words = pointer(column)
        entry.per_bar, entry.per_instance = steps[0] // 8, steps[1] // 8
        alive.append(column)
    return table, alive


def pointer_table(size: int, columns: Mapping[int, Int64s]) -> Any:
    """An `int64_t *` array with the given entries set and the others null."""
    table = foreign().new("int64_t *[]", max(size, 1))
    for index, column in columns.items():
        table[index] = pointer(column)
    return table


def pointer(column: Int64s) -> Any:
    """The address of the column's first word."""
    return foreign().cast("int64_t *", column.__array_interface__["data"][0])
