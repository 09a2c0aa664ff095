"""Constants as C text: f64 in hexadecimal, so that no compiler has a decimal to round, with the decimal in a comment."""

from __future__ import annotations

import math
import re

from compile.c.text.comments import comment
from dag.values.types import Kind, Type, Value
from dag.values.words import float_bits, float_bits_32, show

INT64_MIN = -(1 << 63)


def f64_literal(value: float, name: str = "") -> str:
    """`(-0x1.8p+1 /* LIMIT = -3.0 */)`; infinities and NaN, which C has no literal for, by their bits."""
    if not math.isfinite(value):
        return f"dagc_bits_f64({i64_literal(float_bits(value))} {_about(value, name)})"
    return _hexadecimal(value, name, "")


def f32_literal(value: float, name: str = "") -> str:
    """The same of a float: `0x1.8p+1f`."""
    if not math.isfinite(value):
        return f"dagc_bits_f32({i64_literal(float_bits_32(value))} {_about(value, name)})"
    return _hexadecimal(value, name, "f")


def _about(value: float, name: str) -> str:
    return comment(f"{name} = {value!r}" if name else repr(value))


def _hexadecimal(value: float, name: str, suffix: str) -> str:
    text = f"{re.sub(r'[.]?0*p', 'p', value.hex())}{suffix} {_about(value, name)}"
    return f"({text})" if math.copysign(1.0, value) < 0 else text


def i64_literal(value: int) -> str:
    """A decimal; the smallest one by its name, because C reads its digits before the sign."""
    if value == INT64_MIN:
        return "INT64_MIN"
    return f"({value})" if value < 0 else str(value)


def row_literal(value: Value, type_: Type, name: str = "") -> str:
    """A constant in `kernel.c`; `name` is what the user calls it."""
    match type_.kind:
        case Kind.F64:
            return f64_literal(float(value), name)
        case Kind.F32:
            return f32_literal(float(value), name)
        case Kind.I64 | Kind.I32:
            return _noted(i64_literal(int(value)), name)
        case Kind.BOOL:
            return _noted("true" if value else "false", name)
        case Kind.ENUM:
            return _noted(i64_literal(int(value)), show(value, type_))


def vector_literal(value: Value, type_: Type, name: str = "") -> str:
    """A constant in every lane, in `batch.c`; a bool as a mask."""
    match type_.kind:
        case Kind.F64 | Kind.F32 if not math.isfinite(value):
            return f"dagc_bits_f64(dagc_all_i64({i64_literal(float_bits(float(value)))} {comment(repr(value))}))"
        case Kind.F64 | Kind.F32:
            return f"dagc_all_f64({f64_literal(float(value), name)})"
        case Kind.BOOL:
            return f"dagc_all_i64({_noted(i64_literal(-int(value)), name)})"
        case Kind.I64 | Kind.I32 | Kind.ENUM:
            return f"dagc_all_i64({row_literal(value, type_, name)})"


def _noted(text: str, note: str) -> str:
    return f"{text} {comment(note)}" if note else text
