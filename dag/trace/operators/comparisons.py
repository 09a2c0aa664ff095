"""Comparisons, conditions and what joins them."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from typing import Any

from dag.operators.op import Op
from dag.operators.table import AND, ENUM_EQ, EQ, GE, GT, IEQ, IGE, IGT, ILE, ILT, INE, LE, LT, NE, NOT, OR, SELECT
from dag.operators.units import DIMENSIONLESS
from dag.trace import axes
from dag.trace.frame import Frame
from dag.trace.operators.applying import Operand, apply, apply_typed, constant, foldable, static_number, taken_whole
from dag.trace.scalars import (
    arithmetic_type,
    enum_of,
    is_number_enum,
    report_types,
    to_node,
    type_of,
    unify,
    what,
)
from dag.trace.values import POISON, Along, Group, Number, Poison, Static, Value, Window
from dag.trace.ways_out import one_line
from dag.values.types import BOOL, Kind

COMPARISONS: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], Any], Op, Op]] = {
    ast.Lt: ("<", operator.lt, LT, ILT),
    ast.LtE: ("<=", operator.le, LE, ILE),
    ast.Gt: (">", operator.gt, GT, IGT),
    ast.GtE: (">=", operator.ge, GE, IGE),
    ast.Eq: ("==", operator.eq, EQ, IEQ),
    ast.NotEq: ("!=", operator.ne, NE, INE),
}


def negation(frame: Frame, at: ast.AST, operand: Operand) -> Value:
    """`not operand`, of a bool."""
    x = condition(frame, operand, "`not`")
    if x is None:
        return POISON
    return Static(not x.value) if isinstance(x, Static) else apply(frame, at, NOT, x.node)


def condition(frame: Frame, operand: Operand, where: str, *, numbers: bool = True) -> Number | Static | None:
    """A bool to decide by: known now, or a node. None after a report. A number is true where it is not zero, as in Python: NaN is.

    Without `numbers` it must be a bool: `n and m` is one of the two numbers in Python, not whether both are other than zero.
    """
    node, value = operand
    match value:
        case Poison():
            return None
        case Static(bool()):
            return value
        case Number(number) if frame.builder.type_of(number).element == BOOL:
            return value
    if isinstance(value, Along):
        axes.as_a_whole(frame, node, (operand,), f"a bool for {where}")
        return None
    type_ = arithmetic_type(frame, value)
    if numbers and type_ is not None:
        zero = Static(0.0 if type_.is_float else 0)
        decided = comparison(frame, node, ast.NotEq(), operand, (node, zero))
        return decided if isinstance(decided, Number | Static) else None
    is_sequence = isinstance(value, Window | Group)
    text = one_line(frame, node)
    compared = f"({text})" if isinstance(node, ast.IfExp | ast.BoolOp | ast.Compare | ast.Lambda) else text
    if is_sequence:
        fix = f"write len({text}) > 0"
    elif type_ is None:
        cls = enum_of(frame, value)
        fix = f"write {compared} == {cls.__name__}.{next(iter(cls)).name}" if cls else "use a bool"
    else:
        fix = f"write {compared} != {'0.0' if type_.is_float else '0'}, or use a bool"
    frame.report("E030", node, f"a bool for {where}", f"{frame.text(node)}  {what(frame, value)}", fix)
    return None


def comparison(frame: Frame, at: ast.AST, op: ast.cmpop, left: Operand, right: Operand) -> Value:
    """One comparison; chains are the caller's business."""
    a, b = left[1], right[1]
    if isinstance(a, Poison) or isinstance(b, Poison):
        return POISON
    if isinstance(op, ast.Is | ast.IsNot) and (_is_none(a) or _is_none(b)):
        return _identity(frame, at, op, left, right)
    if isinstance(a, Along) or isinstance(b, Along):
        return axes.as_a_whole(frame, at, (left, right), "a comparison of single values")
    if isinstance(op, ast.In | ast.NotIn):
        return _membership(frame, at, op, left, right)
    if isinstance(op, ast.Is | ast.IsNot):
        return _identity(frame, at, op, left, right)
    symbol, python, f64_op, i64_op = COMPARISONS[type(op)]
    if isinstance(a, Static) and isinstance(b, Static) and not (static_number(a) and not foldable(frame, (a, b))):
        return constant(frame, at, python, a.value, b.value)
    if isinstance(op, ast.Eq | ast.NotEq):
        equal = _same_member_or_bool(frame, at, left, right)
        if equal is not None:
            return (
                equal if isinstance(op, ast.Eq) or isinstance(equal, Poison) else negation(frame, at, (left[0], equal))
            )
    unified = unify(frame, at, (left, right), symbol)
    if unified is None:
        return POISON
    (x, y), type_ = unified
    result = apply_typed(frame, at, type_, f64_op, i64_op, x, y)
    taken_whole(frame, result, (a, x), (b, y))
    return result


def _same_member_or_bool(frame: Frame, at: ast.AST, left: Operand, right: Operand) -> Value | None:
    """`==` of two members of one Enum, or of two bools; None where the operands are numbers."""
    left, right = _with_member(frame, left, right), _with_member(frame, right, left)
    if any(isinstance(value, Static) and value.value is NotImplemented for _, value in (left, right)):
        return Static(False)
    types = [type_of(frame, value) for _, value in (left, right)]
    first = types[0]
    if first is None or types[1] is None:
        report_types(frame, at, (left, right), "two single values to compare", _with_its_member(frame, (left, right)))
        return POISON
    if types[0] == types[1] and (first == BOOL or first.kind is Kind.ENUM):
        x, y = (to_node(frame, node, value, first, DIMENSIONLESS) for node, value in (left, right))
        if x is None or y is None:
            return POISON
        if first == BOOL:
            return apply(frame, at, SELECT, x, y, frame.builder.op(NOT, (y,), frame.span(at)))
        return apply(frame, at, ENUM_EQ, x, y)
    if any(type_ is not None and type_.kind is Kind.ENUM and not is_number_enum(frame, type_) for type_ in types):
        report_types(frame, at, (left, right), "two members of one Enum", _with_its_member(frame, (left, right)))
        return POISON
    return None


def _with_its_member(frame: Frame, operands: Sequence[Operand]) -> str | None:
    """The way out where a member of an Enum is compared with something else: the member whose value or name it is, or the first."""
    found = next((each for each in operands if enum_of(frame, each[1]) is not None), None)
    others = [each for each in operands if enum_of(frame, each[1]) is None]
    if found is None or len(others) != 1:
        return None
    members = list(enum_of(frame, found[1]) or ())
    node, other = others[0]
    said = other.value if isinstance(other, Static) else None
    meant = next((each for each in members if said in (each.name, each.value)), members[0])
    return f"write {type(meant).__name__}.{meant.name} instead of {one_line(frame, node)}"


def _with_member(frame: Frame, operand: Operand, other: Operand) -> Operand:
    """A text beside a member of a `StrEnum` is the member that equals it; NotImplemented where none does."""
    at, value = operand
    cls = enum_of(frame, other[1])
    if cls is None or not issubclass(cls, str) or not (isinstance(value, Static) and type(value.value) is str):
        return operand
    return at, Static(next((member for member in cls if member == value.value), NotImplemented))


def _is_none(value: Value) -> bool:
    return isinstance(value, Static) and value.value is None


def _identity(frame: Frame, at: ast.AST, op: ast.Is | ast.IsNot, left: Operand, right: Operand) -> Value:
    a, b = left[1], right[1]
    if isinstance(a, Static) and isinstance(b, Static):
        same = a.value is b.value
        return Static(same if isinstance(op, ast.Is) else not same)
    if _is_none(a) or _is_none(b):
        return Static(isinstance(op, ast.IsNot))  # both would be static if both were None
    first = type_of(frame, a)
    if first is not None and first.kind is Kind.ENUM and first == type_of(frame, b):
        equal = ast.Eq() if isinstance(op, ast.Is) else ast.NotEq()
        return comparison(frame, at, equal, left, right)
    return frame.report(
        "E041", at, "`is` between two members of one Enum", f"`{frame.text(at)}`", "compare values with =="
    )


def _membership(frame: Frame, at: ast.AST, op: ast.In | ast.NotIn, left: Operand, right: Operand) -> Value:
    if isinstance(right[1], Window):
        value, past = one_line(frame, left[0]), one_line(frame, right[0])
        counted = f"sum_seq((1 if each == {value} else 0 for each in {past}), 0)"
        fix = f"write {counted} {'> 0' if isinstance(op, ast.In) else '== 0'}"
        return frame.report("E030", at, "a tuple after `in`", f"{past}  {what(frame, right[1])}", fix)
    if not isinstance(right[1], Group):
        return frame.report(
            "E030", at, "a tuple after `in`", f"{frame.text(right[0])}  {what(frame, right[1])}", "write (a, b, c)"
        )
    types = [type_of(frame, value) for value in (left[1], *right[1].items)]
    if any(type_ is not None and type_.is_float for type_ in types):
        return frame.report(
            "E041",
            at,
            "`in` on integers or Enum members",
            f"`{frame.text(at)}`, where identical NaNs would count as members",
            "write x == a or x == b",
        )
    found: Value = Static(False)
    for item in right[1].items:
        equal = comparison(frame, at, ast.Eq(), left, (right[0], item))
        found = either(frame, at, (left[0], found), (left[0], equal))
    if isinstance(op, ast.In) or isinstance(found, Poison):
        return found
    return negation(frame, at, (left[0], found))


def both(frame: Frame, at: ast.AST, left: Operand, right: Operand) -> Value:
    """`left and right`, of bools."""
    return _connective(frame, at, AND, left, right)


def either(frame: Frame, at: ast.AST, left: Operand, right: Operand) -> Value:
    """`left or right`, of bools."""
    return _connective(frame, at, OR, left, right)


def _connective(frame: Frame, at: ast.AST, op: Op, left: Operand, right: Operand) -> Value:
    name = f"`{op.name}`"
    a, b = condition(frame, left, name, numbers=False), condition(frame, right, name, numbers=False)
    if a is None or b is None:
        return POISON
    for known, other in ((a, b), (b, a)):
        if isinstance(known, Static):
            return other if bool(known.value) is (op is AND) else known
    assert isinstance(a, Number)
    assert isinstance(b, Number)
    return apply(frame, at, op, a.node, b.node)
