"""Constants as C text: f64 in hexadecimal, so that no compiler has a decimal to round, with the decimal in a comment."""

from __future__ import annotations

import math
import re

from compile.c.comments import comment
from dag.types import Kind, Type, Value
from dag.words import float_bits

INT64_MIN = -(1 << 63)


def f64_literal(value: float) -> str:
    """`(-0x1.8p+1 /* -3.0 */)`; infinities and NaN, which C has no literal for, by their bits."""
    if not math.isfinite(value):
        return f"dagc_bits_f64({i64_literal(float_bits(value))} {comment(repr(value))})"
    digits = re.sub(r"\.?0*p", "p", value.hex())
    text = f"{digits} {comment(repr(value))}"
    return f"({text})" if math.copysign(1.0, value) < 0 else text


def i64_literal(value: int) -> str:
    """A decimal; the smallest one by its name, because C reads its digits before the sign."""
    if value == INT64_MIN:
        return "INT64_MIN"
    return f"({value})" if value < 0 else str(value)


def row_literal(value: Value, type_: Type) -> str:
    """A constant in `kernel.c`."""
    match type_.kind:
        case Kind.F64:
            return f64_literal(float(value))
        case Kind.I64:
            return i64_literal(int(value))
        case Kind.BOOL:
            return "true" if value else "false"
        case Kind.ENUM:
            name = type_.members.name_of(int(value)) if type_.members else None
            return i64_literal(int(value)) + (f" {comment(name)}" if name else "")


def vector_literal(value: Value, type_: Type) -> str:
    """A constant in every lane, in `batch.c`; a bool as a mask."""
    match type_.kind:
        case Kind.F64:
            number = float(value)
            if not math.isfinite(number):
                return f"dagc_bits_f64(dagc_all_i64({i64_literal(float_bits(number))}))"
            return f"dagc_all_f64({f64_literal(number)})"
        case Kind.BOOL:
            return f"dagc_all_i64({-int(bool(value))})"
        case Kind.I64 | Kind.ENUM:
            return f"dagc_all_i64({row_literal(value, type_)})"
