"""Python's arithmetic operators, with two operands or one."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from enum import Enum
from typing import Any

from dag.numbers.portable import POWER
from dag.operators.table import (
    AND,
    IAND,
    INEG,
    IOR,
    IXOR,
    NEG,
    NOT,
    OR,
    SELECT,
)
from dag.operators.units import DIMENSIONLESS
from dag.trace import axes
from dag.trace.frame import Frame
from dag.trace.lifted import called_power, in_lifted, libm_in_lifted
from dag.trace.operators.applying import (
    ARITHMETIC,
    Operand,
    apply,
    apply_typed,
    as_integer,
    constant,
    foldable,
    is_whole,
    may_be_whole,
    partly_whole,
    static_number,
    taken_whole,
)
from dag.trace.operators.comparisons import negation
from dag.trace.scalars import (
    arithmetic_type,
    common_type,
    report_types,
    to_node,
    type_of,
    unify,
    what,
)
from dag.trace.values import POISON, Along, Group, Poison, Static, Value
from dag.trace.ways_out import one_line
from dag.values.binary32 import as_number
from dag.values.types import BOOL, F64, Type

#: The operators that work along an axis.
ALONG_AXES = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)

SAME_UNIT = (ast.Add, ast.Sub, ast.Mod)

LARGEST_STATIC_POWER = 1 << 12

LONGEST_TUPLE = 1 << 16

LARGEST_POWER = 64

UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}


def binary(frame: Frame, at: ast.AST, op: ast.operator, left: Operand, right: Operand) -> Value:
    """`left op right`."""
    a, b = left[1], right[1]
    if isinstance(a, Poison) or isinstance(b, Poison):
        return POISON
    if isinstance(a, Along) or isinstance(b, Along):
        if not isinstance(op, ALONG_AXES):
            return axes.lifted(frame, at, (left, right), lambda *_: _no_operator(frame, at))
        return axes.lifted(frame, at, (left, right), lambda x, y: binary(frame, at, op, x, y))
    if isinstance(op, ast.Pow):
        return _power(frame, at, left, right)
    if isinstance(a, Group) or isinstance(b, Group):
        return _tuple_operator(frame, at, op, left, right)
    if type(op) not in ARITHMETIC:
        return frame.report(
            "E041", at, "an operator on numbers", f"`{frame.text(at)}`", "write the sum of products out in a loop"
        )
    symbol, python, f64_op, i64_op = ARITHMETIC[type(op)]
    if isinstance(a, Static) and isinstance(b, Static) and foldable(frame, (a, b)):
        return constant(frame, at, python, a.value, b.value)
    if isinstance(op, ast.LShift | ast.RShift) and isinstance(b, Static) and static_number(b) and b.value < 0:  # type: ignore[operator]
        return _negative_shift(frame, at, right)
    if i64_op in (IAND, IOR, IXOR) and type_of(frame, a) == type_of(frame, b) == BOOL:
        return _bool_operator(frame, at, op, left, right)
    left, right = ((node, as_integer(frame, node, value)) for node, value in (left, right))
    a, b = left[1], right[1]
    nodes = _arithmetic_operands(frame, at, op, symbol, left, right)
    if nodes is None:
        return POISON
    (x, y), type_ = nodes
    if (f64_op if type_.is_float else i64_op) is None:
        return frame.report(
            "E041",
            at,
            f"an operator that every backend has for {type_}",
            f"`{symbol}` in `{frame.text(at)}`",
            _way_around(symbol, type_),
        )
    result = apply_typed(frame, at, type_, f64_op, i64_op, x, y)
    if type_ == F64 and may_be_whole(frame, a) and may_be_whole(frame, b):
        taken_whole(frame, result, (a, x), (b, y))
        return result if isinstance(op, ast.Div) else partly_whole(frame, result, ((a, x), (b, y)))
    return result


def _no_operator(frame: Frame, at: ast.AST) -> Value:
    fix = "map over it: Assets(f(x) for x in v)"
    return frame.report("E047", at, "+ - * / or ** along an axis", f"`{frame.text(at)}`", fix)


def _negative_shift(frame: Frame, at: ast.AST, count: Operand) -> Value:
    return frame.report(
        "E036", at, "a shift by at least 0 places", f"`{frame.text(count[0])}`", "shift the other way: n << 3, n >> 3"
    )


def _way_around(symbol: str, type_: Type) -> str:
    if symbol == "//":
        return "write floor(a / b) (from dagc import floor); it rounds once more than Python's //"
    if symbol == "%":
        return "write a - floor(a / b) * b (from dagc import floor); its last bit can differ from Python's %"
    return "bits of a float are reached with float_bits(x)"


def _arithmetic_operands(
    frame: Frame, at: ast.AST, op: ast.operator, symbol: str, left: Operand, right: Operand
) -> tuple[tuple[int, int], Type] | None:
    if isinstance(op, SAME_UNIT):
        unified = unify(frame, at, (left, right), symbol)
        return None if unified is None else ((unified[0][0], unified[0][1]), unified[1])
    type_ = common_type(frame, (left[1], right[1]))
    if type_ is None:
        report_types(frame, at, (left, right), f"numbers of one type for `{symbol}`")
        return None
    type_ = F64 if isinstance(op, ast.Div) and not type_.is_float else type_
    x = to_node(frame, left[0], left[1], type_, DIMENSIONLESS)
    y = to_node(frame, right[0], right[1], type_, DIMENSIONLESS)
    return None if x is None or y is None else ((x, y), type_)


def _power(frame: Frame, at: ast.AST, base: Operand, exponent: Operand) -> Value:
    value, power = base[1], exponent[1]
    largest = LARGEST_STATIC_POWER if static_number(value) else LARGEST_POWER
    if not (isinstance(power, Static) and type(power.value) is int and 0 <= power.value <= largest):
        if POWER in frame.source.function.__globals__ and arithmetic_type(frame, value) is not None:
            return called_power(frame, at, base, exponent)
        if in_lifted(frame):
            return libm_in_lifted(frame, at, "**")
        return frame.report(
            "E041",
            at,
            f"a literal integer exponent from 0 to {largest}",
            f"`{frame.text(at)}`",
            _way_to_a_power(frame, base, exponent),
        )
    if isinstance(value, Static) and type(value.value) is int:
        return constant(frame, at, operator.pow, value.value, power.value)
    if arithmetic_type(frame, value) is None:
        report_types(frame, at, (base,), "a number as the base of `**`")
        return POISON
    type_ = arithmetic_type(frame, value)
    if power.value == 0:
        assert type_ is not None
        return Static(as_number(1.0 if type_.is_float else 1, type_))
    result = value
    for _ in range(power.value - 1):  # left to right: libm's pow differs in the last bit
        result = binary(frame, at, ast.Mult(), (base[0], result), base)
    return result


def _way_to_a_power(frame: Frame, base: Operand, exponent: Operand) -> str:
    """What to write for a power whose exponent is no small literal."""
    (base_at, value), (power_at, power) = base, exponent
    x, n = one_line(frame, base_at), one_line(frame, power_at)
    if isinstance(power, Static) and power.value == 0.5:
        return f"write sqrt({x}), from dagc"
    if not is_whole(frame, power):
        return f"write pow({x}, {n}), from lanes.elementary"
    if isinstance(value, Static) and type(value.value) is int:
        shift = f"write 1 << {n} for the integer, or " if value.value == 2 and not static_number(power) else "write "
        return f"{shift}pown({value.value}.0, {n}), from lanes.elementary"
    return f"write pown({x if type_of(frame, value) == F64 else f'float({x})'}, {n}), from lanes.elementary"


def _tuple_operator(frame: Frame, at: ast.AST, op: ast.operator, left: Operand, right: Operand) -> Value:
    match op, left[1], right[1]:
        case ast.Add(), Group(a), Group(b) if len(a) + len(b) <= LONGEST_TUPLE:
            return Group((*a, *b))
        case (ast.Mult(), Group(items), Static(int(times))) | (ast.Mult(), Static(int(times)), Group(items)) if (
            len(items) * times <= LONGEST_TUPLE
        ):
            return Group(items * times)
        case (
            (ast.Add(), Group(), Group()) | (ast.Mult(), Group(), Static(int())) | (ast.Mult(), Static(int()), Group())
        ):
            got = f"`{frame.text(at)}`, which is longer"
            return frame.report(
                "E036", at, f"a tuple of at most {LONGEST_TUPLE} items", got, "carry an array, or a sketch"
            )
        case _:
            return frame.report(
                "E030",
                at,
                "tuples joined with +, or repeated with * and a literal",
                (f"{frame.text(left[0])}  {what(frame, left[1])}", f"{frame.text(right[0])}  {what(frame, right[1])}"),
                "work on the items, one by one or in a loop",
            )


def _bool_operator(frame: Frame, at: ast.AST, op: ast.operator, left: Operand, right: Operand) -> Value:
    x, y = (to_node(frame, node, value, BOOL, DIMENSIONLESS) for node, value in (left, right))
    assert x is not None
    assert y is not None
    match op:
        case ast.BitAnd():
            return apply(frame, at, AND, x, y)
        case ast.BitOr():
            return apply(frame, at, OR, x, y)
        case _:
            return apply(frame, at, SELECT, x, frame.builder.op(NOT, (y,), frame.span(at)), y)


def unary(frame: Frame, at: ast.AST, op: ast.unaryop, operand: Operand) -> Value:
    """`op operand`."""
    node, value = operand
    if isinstance(value, Poison):
        return POISON
    if isinstance(value, Along) and not isinstance(op, ast.Not | ast.Invert):
        return axes.lifted(frame, at, (operand,), lambda x: unary(frame, at, op, x))
    if isinstance(op, ast.Not):
        return negation(frame, at, operand)
    if not isinstance(op, ast.Invert):
        value = as_integer(frame, node, value)
        operand = node, value
    if isinstance(value, Static) and static_number(value) and not isinstance(value.value, Enum):
        return constant(frame, at, UNARY[type(op)], value.value)
    type_ = arithmetic_type(frame, value)
    if type_ is None or (isinstance(op, ast.Invert) and type_.is_float):
        report_types(frame, at, (operand,), "a number here")
        return POISON
    if isinstance(op, ast.UAdd):
        return value
    x = to_node(frame, node, value, type_, DIMENSIONLESS)
    if x is None:
        return POISON
    if isinstance(op, ast.Invert):
        return apply_typed(
            frame, at, type_, None, IXOR, x, frame.builder.const(-1, type_, DIMENSIONLESS, frame.span(at))
        )
    return partly_whole(frame, apply_typed(frame, at, type_, NEG, INEG, x), ((value, x),))
