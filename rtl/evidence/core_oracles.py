"""What an op gives, by arithmetic that is not ours: the host's floating-point unit, and Berkeley SoftFloat 3.

Both are partial: they know the floating-point ops, and the conversions where the number fits (what lies outside has no one
meaning, so dagc has its own).
"""

from __future__ import annotations

import ctypes
import ctypes.util
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dag.operators import table as ops
from dag.operators.op import Op
from dag.operators.table import IN_F32
from dag.values.types import Kind, Type
from dag.values.words import Column, Words, column_of_words, words_of_column

Bits = NDArray[np.bool_]
#: An op and columns of its operands -> its results; None where it does not know the op.
Oracle = Callable[[Op, Sequence[Words]], Words | None]
#: Columns of operands -> column of results.
Host = Callable[..., Any]

_HOST_F64: Mapping[Op, Host] = {
    ops.ADD: np.add,
    ops.SUB: np.subtract,
    ops.MUL: np.multiply,
    ops.DIV: np.divide,
    ops.SQRT: np.sqrt,
    ops.MIN: lambda a, b: np.where(b < a, b, a),
    ops.MAX: lambda a, b: np.where(b > a, b, a),
    ops.RINT: np.rint,
    ops.FLOOR: np.floor,
    ops.CEIL: np.ceil,
    ops.TRUNC: np.trunc,
    ops.LT: np.less,
    ops.LE: np.less_equal,
    ops.GT: np.greater,
    ops.GE: np.greater_equal,
    ops.EQ: np.equal,
    ops.NE: np.not_equal,
}
_HOST: Mapping[Op, Host] = {
    **_HOST_F64,
    **{IN_F32[op]: host for op, host in _HOST_F64.items()},
    ops.F64_TO_F32: lambda x: x.astype(np.float32),
    ops.F32_TO_F64: lambda x: x.astype(np.float64),
    ops.I64_TO_F64: lambda n: n.astype(np.float64),
    ops.I64_TO_F32: lambda n: n.astype(np.float32),
    ops.F64_TO_I64: lambda x: x.astype(np.int64),
    ops.F32_TO_I64: lambda x: x.astype(np.int64),
    ops.IMUL: np.multiply,
    ops.IDIV: np.floor_divide,
    ops.IMOD: np.remainder,
}
#: SoftFloat's name of each op of f64, what follows x in a call, and whether it takes its operands the other way round.
_SOFT_F64: Mapping[Op, tuple[str, str | None, bool]] = {
    ops.ADD: ("f64_add", None, False),
    ops.SUB: ("f64_sub", None, False),
    ops.MUL: ("f64_mul", None, False),
    ops.DIV: ("f64_div", None, False),
    ops.SQRT: ("f64_sqrt", None, False),
    ops.FMA: ("f64_mul_add", None, False),
    ops.RINT: ("f64_round_to_int", "NEAR_EVEN", False),
    ops.FLOOR: ("f64_round_to_int", "MIN", False),
    ops.CEIL: ("f64_round_to_int", "MAX", False),
    ops.TRUNC: ("f64_round_to_int", "MIN_MAG", False),
    ops.LT: ("f64_lt", None, False),
    ops.LE: ("f64_le", None, False),
    ops.GT: ("f64_lt", None, True),
    ops.GE: ("f64_le", None, True),
    ops.EQ: ("f64_eq", None, False),
}
_SOFT: Mapping[Op, tuple[str, str | None, bool]] = {
    **_SOFT_F64,
    **{IN_F32[op]: (name.replace("f64", "f32"), mode, swapped) for op, (name, mode, swapped) in _SOFT_F64.items()},
    ops.F64_TO_F32: ("f64_to_f32", None, False),
    ops.F32_TO_F64: ("f32_to_f64", None, False),
    ops.I64_TO_F64: ("i64_to_f64", None, False),
    ops.I64_TO_F32: ("i64_to_f32", None, False),
    ops.F64_TO_I64: ("f64_to_i64", "MIN_MAG", False),
    ops.F32_TO_I64: ("f32_to_i64", "MIN_MAG", False),
}
_SOFT_TYPES = {Kind.F64: ("Float64", ">u8"), Kind.F32: ("Float32", ">u4"), Kind.I64: ("Int64", ">u8")}


def host_words(op: Op, operands: Sequence[Words]) -> Words | None:
    """What this machine's arithmetic gives for columns of operands; None where it has no such operation."""
    if op not in _HOST and op not in (ops.FMA, ops.FMA_F32):
        return None
    columns = [column_of_words(words, _type(taken)) for words, taken in zip(operands, op.takes, strict=True)]
    if op not in _HOST:
        return _fused(op, columns)
    host = _HOST[op]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return words_of_column(np.asarray(host(*columns)), _type(op.gives))


def soft_words(op: Op, operands: Sequence[Words]) -> Words | None:
    """What Berkeley SoftFloat gives; None where it has no such operation."""
    if op not in _SOFT:
        return None
    soft = import_module("softfloatpy")
    name, mode, swapped = _SOFT[op]
    function = getattr(soft, name)
    more = () if mode is None else (getattr(soft.RoundingMode, mode),)
    columns = [_soft_column(soft, words, _type(taken)) for words, taken in zip(operands, op.takes, strict=True)]
    if swapped:
        columns.reverse()
    found = [function(*row, *more) for row in zip(*columns, strict=True)]
    gives = _type(op.gives)
    if gives.kind is Kind.BOOL:
        return np.array(found, dtype=np.uint64)
    coded = np.frombuffer(b"".join(each.to_bytes() for each in found), dtype=_SOFT_TYPES[gives.kind][1])
    return coded.astype(np.uint64)


def outside() -> dict[str, Oracle]:
    """The oracles that this machine has, by name."""
    softfloat = {"SoftFloat": soft_words} if find_spec("softfloatpy") else {}
    return {"host": host_words, **softfloat}


def decided(op: Op, operands: Sequence[Words]) -> Bits:
    """For each row whether the oracles are asked: not where a number does not fit the integer it is converted to."""
    if op not in (ops.F64_TO_I64, ops.F32_TO_I64):
        return np.ones(len(operands[0]), dtype=np.bool_)
    x = column_of_words(operands[0], _type(op.takes[0]))
    fits: Bits = np.abs(x) < 2.0**63
    return fits


def _type(signature: object) -> Type:
    assert isinstance(signature, Type)
    return signature


def _soft_column(soft: Any, words: Words, type_: Type) -> list[Any]:
    name, code = _SOFT_TYPES[type_.kind]
    data = words.astype(code).tobytes()
    size = np.dtype(code).itemsize
    make = getattr(soft, name).from_bytes
    return [make(data[at : at + size]) for at in range(0, len(data), size)]


def _fused(op: Op, columns: Sequence[Column]) -> Words | None:
    """The C library's `fma`, which is one instruction where the processor has it."""
    library = _libm()
    if library is None:
        return None
    function, real = (library.fma, ctypes.c_double) if op is ops.FMA else (library.fmaf, ctypes.c_float)
    function.restype, function.argtypes = real, (real, real, real)
    found = [function(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
    return words_of_column(np.array(found, dtype=columns[0].dtype), _type(op.gives))


@cache
def _libm() -> ctypes.CDLL | None:
    name = ctypes.util.find_library("m")
    return ctypes.CDLL(name) if name else None
