"""One operator on nodes or known values: the row of its type, its result, and what is known to be whole."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from dag.numbers.functions import ON_NUMBERS
from dag.operators.op import Op, Source
from dag.operators.table import (
    ADD,
    BOOL_TO_I64,
    DIV,
    I32_TO_I64,
    I64_TO_I32,
    IADD,
    IAND,
    IDIV,
    IMIN,
    IMOD,
    IMUL,
    IN_F32,
    IOR,
    ISUB,
    IXOR,
    MUL,
    SHL,
    SHR,
    SUB,
)
from dag.operators.units import DIMENSIONLESS, UnitProblem
from dag.trace.frame import Frame
from dag.trace.scalars import (
    common_type,
    to_node,
    type_of,
)
from dag.trace.values import POISON, Number, Static, Value
from dag.values.binary32 import as_literal, is_narrow
from dag.values.types import BOOL, F32, F64, I32, I64, Type

#: Syntax -> how Python computes it, the f64 op and the i64 op.
ARITHMETIC: dict[type[ast.operator], tuple[str, Callable[[Any, Any], Any], Op | None, Op | None]] = {
    ast.Add: ("+", operator.add, ADD, IADD),
    ast.Sub: ("-", operator.sub, SUB, ISUB),
    ast.Mult: ("*", operator.mul, MUL, IMUL),
    ast.Div: ("/", operator.truediv, DIV, None),
    ast.BitAnd: ("&", operator.and_, None, IAND),
    ast.BitOr: ("|", operator.or_, None, IOR),
    ast.BitXor: ("^", operator.xor, None, IXOR),
    ast.LShift: ("<<", operator.lshift, None, SHL),
    ast.RShift: (">>", operator.rshift, None, SHR),
    ast.FloorDiv: ("//", operator.floordiv, None, IDIV),
    ast.Mod: ("%", operator.mod, None, IMOD),
}

#: The bits of a constant that Python may compute on the way to one that fits, and the items of a tuple.
LARGEST_STATIC_BITS = 1 << 12

#: The most places by which an operator of the table shifts.
LARGEST_SHIFT = 63

Operand = tuple[ast.expr, Value]


def made(frame: Frame, at: ast.AST, node: int) -> Number:
    """A computed node as a value."""
    return Number(node, frame.span(at))


def apply(frame: Frame, at: ast.AST, op: Op, *nodes: int) -> Value:
    """One op on nodes of the right types; a unit that does not fit is reported."""
    try:
        return made(frame, at, frame.builder.op(op, nodes, frame.span(at)))
    except UnitProblem as problem:
        units = ", ".join(frame.builder.unit_of(node) for node in nodes)
        fix = 'as_unit(x, "1") drops the unit without changing a bit'
        return frame.report("E031", at, str(problem), f"`{frame.text(at)}` with units {units}", fix)


def static_number(value: Value) -> bool:
    """Whether this is a number (or bool) that Python knows now."""
    return isinstance(value, Static) and (isinstance(value.value, int | float) or is_narrow(value.value))


def foldable(frame: Frame, values: Sequence[Value]) -> bool:
    """Whether Python can compute with these values now: numbers it knows, of types that meet."""
    return all(map(static_number, values)) and (
        common_type(frame, values) is not None or not any(isinstance(v, Static) and is_narrow(v.value) for v in values)
    )


def as_integer(frame: Frame, at: ast.AST, value: Value) -> Value:
    """A bool as Python's arithmetic takes it, 0 or 1; any other value is itself."""
    if type_of(frame, value) != BOOL:
        return value
    if isinstance(value, Static):
        return Static(int(bool(value.value)))
    flag = to_node(frame, at, value, BOOL, DIMENSIONLESS)
    return POISON if flag is None else apply(frame, at, BOOL_TO_I64, flag)


def is_whole(frame: Frame, value: Value) -> bool:
    type_ = common_type(frame, (value,))
    return type_ is not None and not type_.is_float


def may_be_whole(frame: Frame, value: Value) -> bool:
    """Whether Python has an integer here, or may have one."""
    return is_whole(frame, value) or (isinstance(value, Number) and bool(value.whole))


def _whole_parts(frame: Frame, value: Value, node: int) -> frozenset[int]:
    """The integers that `value`, which became `node`, is or may be, as nodes that are floats."""
    if isinstance(value, Number) and value.whole:
        return value.whole
    is_made_float = is_whole(frame, value) and frame.builder.type_of(node).element == F64
    return frozenset((node,)) if is_made_float else frozenset()


def partly_whole(frame: Frame, result: Value, operands: Iterable[tuple[Value, int]]) -> Value:
    """`result`, a float chosen among `operands`, values and nodes: where an integer was, Python still has one."""
    parts = frozenset[int]().union(*(_whole_parts(frame, value, node) for value, node in operands))
    if not parts or not isinstance(result, Number) or frame.builder.type_of(result.node).element != F64:
        return result
    return replace(result, whole=parts)


def taken_whole(frame: Frame, result: Value, *operands: tuple[Value, int]) -> None:
    """Note the operands, values and nodes, that are integers where the op computes with floats: Python computes with them exactly."""
    if isinstance(result, Number):
        whole = frozenset[int]().union(*(_whole_parts(frame, value, node) for value, node in operands))
        if whole:
            frame.builder.whole_operands(result.node, whole)


def _places(frame: Frame, at: ast.AST, count: int) -> int:
    """The count of `>>`, at most 63: a shift by more gives what a shift by 63 gives, and the op takes the low six bits."""
    builder = frame.builder
    op, args = builder.applied_at(count)
    bounds = [builder.constant_of(each) for each in ((count,) if op is Source.CONST else args if op is IAND else ())]
    if any(bound is not None and 0 <= bound <= LARGEST_SHIFT for bound in bounds):
        return count
    return builder.op(IMIN, (count, builder.const(LARGEST_SHIFT, I64, DIMENSIONLESS)), frame.span(at))


def apply_typed(frame: Frame, at: ast.AST, type_: Type, f64_op: Op | None, i64_op: Op | None, *nodes: int) -> Value:
    """The op of this type: of the float's format, or of integers; 32-bit ones are computed with as 64 bits and wrapped."""
    op = f64_op if type_.is_float else i64_op
    assert op is not None
    wide = [frame.builder.op(I32_TO_I64, (node,), frame.span(at)) if type_ == I32 else node for node in nodes]
    if op is SHR:
        wide[1] = _places(frame, at, wide[1])
    if type_ == I32:
        result = apply(frame, at, op, *wide)
        is_wide = isinstance(result, Number) and frame.builder.type_of(result.node).element == I64
        return apply(frame, at, I64_TO_I32, result.node) if is_wide and isinstance(result, Number) else result
    return apply(frame, at, IN_F32[op] if type_ == F32 else op, *wide)


def constant(frame: Frame, at: ast.AST, python: Callable[..., Any], *args: Any) -> Value:
    """An expression of literals, computed by Python itself, or by numpy where it is of narrow numbers."""
    if _bits(python, args) > LARGEST_STATIC_BITS:
        got = f"`{frame.text(at)}`, which takes more"
        return frame.report("E036", at, f"a constant of at most {LARGEST_STATIC_BITS} bits", got, "write a float")
    try:
        with np.errstate(all="ignore"):
            result = ON_NUMBERS.get(python, python)(*args)
        return Static(result if is_narrow(result) else as_literal(result))
    except (ArithmeticError, ValueError, TypeError) as problem:
        return frame.report("E036", at, "a constant expression that Python can compute", f"{problem}", "correct it")


def _bits(python: Callable[..., Any], args: Sequence[Any]) -> int:
    """About how many bits an integer has that Python would compute."""
    if not all(isinstance(each, int) for each in args):
        return 0
    sizes = [int(each).bit_length() for each in args]
    match python:
        case operator.pow:
            return sizes[0] * int(args[1])
        case operator.lshift:
            return sizes[0] + int(args[1])
        case operator.mul:
            return sum(sizes)
        case _:
            return 0
