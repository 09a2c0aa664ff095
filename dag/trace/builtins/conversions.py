"""Conversions between numbers, bits, bools and units, and rounding to integers or digits."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from dag.language.leaves import read_unit
from dag.language.shapes import AnnotationProblem
from dag.operators.table import (
    AS_UNIT,
    BITS_F32,
    BITS_F64,
    BOOL_TO_I64,
    F32_TO_F64,
    F64_TO_F32,
    F64_TO_I64,
    I64_TO_F32,
    I64_TO_F64,
    I64_TO_I32,
    INE,
    NE,
    RINT,
)
from dag.operators.units import DIMENSIONLESS
from dag.trace.builtins.handlers import Handler, float_node, of_one_float
from dag.trace.expressions.subscripts import static_int
from dag.trace.frame import Frame
from dag.trace.operators.applying import Operand, apply, apply_typed, constant, static_number
from dag.trace.scalars import arithmetic_type, report_types, to_node, type_of, unit_of
from dag.trace.values import POISON, Number, Poison, Static, Value
from dag.trace.ways_out import one_line
from dag.values.binary32 import float32
from dag.values.decimal_round import round_decimal
from dag.values.types import BOOL, F32, F64, I32, I64

DIGITS = range(13)


def rounded(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    if len(operands) == 1:
        return (
            operands[0][1]
            if arithmetic_type(frame, operands[0][1]) in (I64, I32)
            else of_one_float("round", RINT, F64_TO_I64)(frame, at, operands)
        )
    digits = static_int(frame, operands[1][0], "the number of digits", operands[1][1])
    if digits is None:
        return POISON
    if digits >= 0 and arithmetic_type(frame, operands[0][1]) in (I64, I32):
        return operands[0][1]
    if digits not in DIGITS:
        text = one_line(frame, operands[0][0])
        fix = "round to fewer digits, or to an integer: round(x)"
        if digits < 0:
            is_whole, unit = arithmetic_type(frame, operands[0][1]) in (I64, I32), 10**-digits
            fix = f"write round({text} / {unit}) * {unit}"
            fix = fix if is_whole else f"write rint({text} / {unit}.0) * {unit}.0, with rint from dagc"
        return frame.report("E041", at, f"{DIGITS.start} to {DIGITS.stop - 1} digits", f"{digits}", fix)
    if type_of(frame, operands[0][1]) == F32:
        fix = "convert it: round(float(x), digits)"
        return frame.report("E041", at, "a float to round to digits", f"`{frame.text(at)}`, a float32", fix)
    node = float_node(frame, at, operands[0], "round")
    return (
        POISON if node is None else Number(round_decimal(frame.builder, node, digits, frame.span(at)), frame.span(at))
    )


def as_int(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    node, value = operands[0]
    if type_of(frame, value) == BOOL:
        flag = to_node(frame, node, value, BOOL, DIMENSIONLESS)
        return POISON if flag is None else apply(frame, at, BOOL_TO_I64, flag)
    if arithmetic_type(frame, value) in (I64, I32):
        whole = to_node(frame, node, value, I64, DIMENSIONLESS)
        return POISON if whole is None else Number(whole, frame.span(at))
    return of_one_float("int", F64_TO_I64)(frame, at, operands)


def as_float(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    node, value = operands[0]
    if type_of(frame, value) == BOOL:
        flag = to_node(frame, node, value, BOOL, DIMENSIONLESS)
        return POISON if flag is None else _promoted(frame, at, frame.builder.op(BOOL_TO_I64, (flag,), frame.span(at)))
    if type_of(frame, value) == F64:
        return replace(value, whole=frozenset()) if isinstance(value, Number) else value
    result = of_one_float("float")(frame, at, operands)
    if isinstance(result, Number) and frame.builder.type_of(result.node).element == F32:
        return apply(frame, at, F32_TO_F64, result.node)
    return result


def _as_float32(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """An integer is rounded once; of what is no number `float` speaks."""
    value = operands[0][1]
    if type_of(frame, value) == F32:
        return value
    is_whole = type_of(frame, value) == BOOL or arithmetic_type(frame, value) in (I64, I32)
    wide = (as_int if is_whole else as_float)(frame, at, operands)
    if isinstance(wide, Poison):
        return POISON
    # A choice of literals, or a carried value whose unit is open, is no node yet.
    node = to_node(frame, at, wide, I64 if is_whole else F64, unit_of(frame, wide) or DIMENSIONLESS)
    return POISON if node is None else apply(frame, at, I64_TO_F32 if is_whole else F64_TO_F32, node)


def as_float32(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """`float32(0.1)`: a literal of this type, whose unit is open still."""
    value = operands[0][1]
    if not static_number(value):
        return _as_float32(frame, at, operands)
    assert isinstance(value, Static)
    held = constant(frame, at, float32, value.value)
    if isinstance(held, Static) and math.isinf(held.value) and not math.isinf(value.value):  # type: ignore[arg-type]
        to_node(frame, at, value, F32, DIMENSIONLESS)  # which reports it
        return POISON
    return held


def as_int32(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    if type_of(frame, operands[0][1]) == I32:
        return operands[0][1]
    wide = as_int(frame, at, operands)
    return apply(frame, at, I64_TO_I32, wide.node) if isinstance(wide, Number) else POISON


def _promoted(frame: Frame, at: ast.Call, node: int) -> Value:
    return apply(frame, at, I64_TO_F64, node)


def as_bool(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    node, value = operands[0]
    if type_of(frame, value) == BOOL:
        return value
    type_ = arithmetic_type(frame, value)
    if type_ is None:
        report_types(frame, at, operands, "a number for `bool`")
        return POISON
    unit = unit_of(frame, value) or DIMENSIONLESS
    number = to_node(frame, node, value, type_, unit)
    if number is None:
        return POISON
    zero = frame.builder.const(0.0 if type_.is_float else 0, type_, unit, frame.span(at))
    return apply_typed(frame, at, type_, NE, INE, number, zero)


def from_bits(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    type_ = arithmetic_type(frame, operands[0][1])
    if type_ not in (I64, I32):
        report_types(frame, at, operands, "an integer for `bits_float`")
        return POISON
    node = to_node(frame, *operands[0], type_, DIMENSIONLESS)
    return POISON if node is None else apply(frame, at, BITS_F64 if type_ == I64 else BITS_F32, node)


def as_unit(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    (node, value), (unit_node, text) = operands
    if isinstance(value, Poison) or isinstance(text, Poison):
        return POISON
    if not (isinstance(text, Static) and isinstance(text.value, str)):
        return frame.report("E035", unit_node, "the unit as a string", frame.text(unit_node), 'write as_unit(x, "px")')
    try:
        unit = read_unit(text.value)
    except AnnotationProblem as problem:
        return frame.report(problem.code, unit_node, problem.expected, problem.got, problem.fix)
    type_ = arithmetic_type(frame, value)
    if type_ is None:
        report_types(frame, at, (operands[0],), "a number for `as_unit`")
        return POISON
    have = unit_of(frame, value)
    number = to_node(frame, node, value, type_, unit if have is None else have)
    if number is None:
        return POISON
    if have in (None, unit):
        return Number(number, frame.span(at))
    return Number(frame.builder.op(AS_UNIT, (number,), frame.span(at), unit=unit), frame.span(at))


def convert_text(python: Callable[..., Any], on_nodes: Handler) -> Handler:
    """`float("inf")` and the like: Python's business."""

    def handle(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        value = operands[0][1]
        if isinstance(value, Static) and isinstance(value.value, str):
            return constant(frame, at, python, value.value)
        return on_nodes(frame, at, operands)

    return handle
