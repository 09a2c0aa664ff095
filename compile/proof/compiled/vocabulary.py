"""The types and operations of optimised HLO that the reader takes, and shapes that it knows."""

from __future__ import annotations

from collections.abc import Mapping

from compile.proof.stablehlo.tensor_terms import BOOL, F64, I64

ELEMENTS = {"f64": F64, "s64": I64, "pred": BOOL}

_FLOATS = {
    "add": "fadd", "subtract": "fsub", "multiply": "fmul", "divide": "fdiv", "negate": "fneg", "abs": "fabs",
    "sqrt": "fsqrt", "minimum": "fmin", "maximum": "fmax", "round-nearest-even": "frint", "floor": "ffloor",
    "ceil": "fceil", "rsqrt": "frsqrt", "power": "fpow",
}  # fmt: skip

_INTEGERS = {
    "add": "iadd", "subtract": "isub", "multiply": "imul", "divide": "idiv", "remainder": "irem", "negate": "ineg",
    "minimum": "imin", "maximum": "imax", "and": "and", "or": "or", "xor": "xor", "not": "not", "shift-left": "shl",
    "shift-right-arithmetic": "sra", "shift-right-logical": "srl", "count-leading-zeros": "clz", "clamp": "clamp",
}  # fmt: skip

_BOOLS = {name: name for name in ("and", "or", "xor", "not")}

OF_SORT: Mapping[str, Mapping[str, str]] = {F64: _FLOATS, I64: _INTEGERS, BOOL: _BOOLS}

CONVERSIONS = {(I64, F64): "i2f", (F64, I64): "f2i", (BOOL, I64): "b2i"}

CASTS = {(F64, I64): "bits", (I64, F64): "float_of"}
