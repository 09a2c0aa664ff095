"""What a tensor term computes, by numpy: an oracle that shares nothing with XLA or with the code that emits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from compile.proof.stablehlo.tensor_terms import TensorTerm, TensorTerms
from dag.values.words import Column

_U64 = np.uint64


def _shift(operation: Callable[[Column, Column], Column], beyond: Callable[[Column], Column]) -> Callable[..., Column]:
    def shifted(x: Column, places: Column) -> Column:
        inside = (places >= 0) & (places < 64)
        return np.where(inside, operation(x, np.where(inside, places, 0)), beyond(x))

    return shifted


def _leading_zeros(x: Column) -> Column:
    return np.array([64 - int(each).bit_length() for each in x.view(_U64)], np.int64)


def _toward_zero(a: Column, b: Column) -> Column:
    """a / b in integers; of what traps in hardware nothing is asked."""
    return np.array(
        [abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1) for x, y in zip(a.tolist(), b.tolist(), strict=True)],
        np.int64,
    )


_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "fadd": np.add, "fsub": np.subtract, "fmul": np.multiply, "fdiv": np.divide, "fsqrt": np.sqrt, "fneg": np.negative,
    "fabs": np.abs, "frint": np.rint, "ffloor": np.floor, "fceil": np.ceil,
    "iadd": np.add, "isub": np.subtract, "imul": np.multiply, "ineg": np.negative, "imin": np.minimum, "imax": np.maximum,
    "idiv": _toward_zero, "and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor, "not": np.invert,
    "shl": _shift(np.left_shift, np.zeros_like), "sra": _shift(np.right_shift, lambda x: x >> 63),
    "srl": _shift(lambda x, n: (x.view(_U64) >> n.astype(_U64)).view(np.int64), np.zeros_like), "clz": _leading_zeros,
    "fcmp LT": np.less, "fcmp LE": np.less_equal, "fcmp EQ": np.equal, "icmp LT": np.less, "icmp EQ": np.equal,
    "select": np.where, "i2f": lambda n: n.astype(np.float64), "f2i": lambda x: x.astype(np.int64),
    "b2i": lambda p: p.astype(np.int64), "bits": lambda x: x.view(np.int64), "float_of": lambda n: n.view(np.float64),
}  # fmt: skip


def evaluated(terms: TensorTerms, term: int, params: list[Column]) -> Column:
    """The values of `term`, a row for each of the parameters'; the run-time zero is 0."""
    length = len(params[0])
    needed = _below(terms, term)
    values: dict[int, Column] = {}
    with np.errstate(all="ignore"):
        for each in sorted(needed):  # operands come before what is made of them
            row = terms.rows[each]
            operands = [values[arg] for arg in row.args]
            values[each] = np.ascontiguousarray(
                _OPERATIONS[row.op](*operands) if operands else _leaf(row, params, length)
            )
    return values[term]


def _leaf(row: TensorTerm, params: list[Column], length: int) -> Column:
    match row.op:
        case "param":
            return params[int(str(row.attribute))]
        case "zero":
            return np.zeros(length, np.int64)
        case _:
            assert row.op == "constant"
            if row.sort == "f64":  # by its pattern
                return np.full(length, row.attribute, np.uint64).view(np.float64)
            dtype = {"i64": np.int64, "i1": np.bool_}[row.sort]
            return np.full(length, row.attribute, dtype)


def _below(terms: TensorTerms, term: int) -> set[int]:
    found, stack = set[int](), [term]
    while stack:
        each = stack.pop()
        if each not in found:
            found.add(each)
            stack += terms.rows[each].args
    return found
