"""`np.clip`, `np.where` and the like, of nodes: what `dag.numbers.numpy_words` says of numbers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from dag.operators import table as ops
from dag.operators.op import Op
from dag.operators.units import DIMENSIONLESS
from dag.trace.frame import Frame
from dag.trace.operators.applying import Operand, apply, apply_typed
from dag.trace.operators.arithmetic import binary
from dag.trace.operators.comparisons import condition
from dag.trace.scalars import arithmetic_type, report_types, to_node, unify, unit_of
from dag.trace.selection import select
from dag.trace.values import POISON, Number, Poison, Static, Value
from dag.values.types import F32, F64, Type

Handler = Callable[[Frame, ast.Call, Sequence[Operand]], Value]


def extreme(name: str, beyond: Op, integers: Op) -> Handler:
    """`np.maximum` and `np.minimum`: the first where it is beyond the second, or NaN."""

    def handle(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        unified = unify(frame, at, operands, name)
        return POISON if unified is None else _chosen(frame, at, unified[1], beyond, integers, *unified[0])

    return handle


def clip(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """`np.clip`."""
    unified = unify(frame, at, operands, "np.clip")
    if unified is None:
        return POISON
    (x, low, high), type_ = unified
    raised = _chosen(frame, at, type_, ops.GE, ops.IMAX, x, low)
    return _chosen(frame, at, type_, ops.LE, ops.IMIN, raised.node, high) if isinstance(raised, Number) else POISON


def _chosen(frame: Frame, at: ast.AST, type_: Type, beyond: Op, integers: Op, a: int, b: int) -> Value:
    if not type_.is_float:
        return apply_typed(frame, at, type_, None, integers, a, b)
    is_beyond, is_nan = (apply_typed(frame, at, type_, op, None, a, other) for op, other in ((beyond, b), (ops.NE, a)))
    assert isinstance(is_beyond, Number)
    assert isinstance(is_nan, Number)
    either = apply(frame, at, ops.OR, is_beyond.node, is_nan.node)
    assert isinstance(either, Number)
    return apply(frame, at, ops.SELECT, either.node, a, b)


def where(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """`np.where`: of two numbers in their common type, else as a conditional expression chooses."""
    test, *both = operands
    if any(isinstance(value, Poison) for _, value in operands):
        return POISON
    if all(arithmetic_type(frame, value) is not None for _, value in both):
        unified = unify(frame, at, both, "np.where")
        if unified is None:
            return POISON
        both = [(node, Number(each, frame.span(at))) for (node, _), each in zip(both, unified[0], strict=True)]
    decided = condition(frame, test, "a condition of `np.where`")
    if decided is None:
        return POISON
    (_, first), (_, second) = both
    if isinstance(decided, Static):
        return first if decided.value else second
    return select(frame, at, decided.node, first, second)


def sign(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """`np.sign`: numbers without a unit."""
    ((node, value),) = operands
    type_ = arithmetic_type(frame, value)
    if type_ is None:
        report_types(frame, at, operands, "a number for `np.sign`")
        return POISON
    unit = unit_of(frame, value) or DIMENSIONLESS
    x = to_node(frame, node, value, type_, unit)
    if x is None:
        return POISON
    builder, span = frame.builder, frame.span(at)

    def made(number: float, unit: str = DIMENSIONLESS) -> int:
        exact: float | int = number if type_.is_float else int(number)
        return builder.const(exact, type_, unit, span)

    def holds(of_floats: Op, of_integers: Op, bound: int) -> int:
        result = apply_typed(frame, at, type_, of_floats, of_integers, x, bound)
        assert isinstance(result, Number)
        return result.node

    rest = made(0.0)
    if type_ in (F64, F32):  # asked as `x == x`, so that where x is a number, range analysis sees that no NaN comes out
        rest = builder.op(ops.SELECT, (holds(ops.EQ, ops.IEQ, x), rest, made(float("nan"))), span)
    below = builder.op(ops.SELECT, (holds(ops.LT, ops.ILT, made(0.0, unit)), made(-1.0), rest), span)
    return apply(frame, at, ops.SELECT, holds(ops.GT, ops.IGT, made(0.0, unit)), made(1.0), below)


def square(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """`np.square`: x * x."""
    (operand,) = operands
    return binary(frame, at, ast.Mult(), operand, operand)
