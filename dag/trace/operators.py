"""Python's operators, on values known now and on nodes."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any

import numpy as np

from dag.numbers.functions import ON_NUMBERS
from dag.numbers.portable import POWER
from dag.operators.table import (
    ADD,
    AND,
    BOOL_TO_I64,
    DIV,
    ENUM_EQ,
    EQ,
    GE,
    GT,
    I32_TO_I64,
    I64_TO_I32,
    IADD,
    IAND,
    IDIV,
    IEQ,
    IGE,
    IGT,
    ILE,
    ILT,
    IMIN,
    IMOD,
    IMUL,
    IN_F32,
    INE,
    INEG,
    IOR,
    ISUB,
    IXOR,
    LE,
    LT,
    MUL,
    NE,
    NEG,
    NOT,
    OR,
    SELECT,
    SHL,
    SHR,
    SUB,
    Op,
    Source,
)
from dag.operators.units import DIMENSIONLESS, UnitProblem
from dag.trace import axes
from dag.trace.frame import Frame
from dag.trace.lifted import called_power, in_lifted, libm_in_lifted
from dag.trace.scalars import (
    arithmetic_type,
    common_type,
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
from dag.values.binary32 import as_literal, as_number, is_narrow
from dag.values.types import BOOL, F32, F64, I32, I64, Kind, Type

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
#: The operators that work along an axis.
ALONG_AXES = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
SAME_UNIT = (ast.Add, ast.Sub, ast.Mod)
LARGEST_STATIC_POWER = 1 << 12
#: The bits of a constant that Python may compute on the way to one that fits, and the items of a tuple.
LARGEST_STATIC_BITS = 1 << 12
LONGEST_TUPLE = 1 << 16
LARGEST_POWER = 64
#: The most places by which an operator of the table shifts.
LARGEST_SHIFT = 63

UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}

COMPARISONS: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], Any], Op, Op]] = {
    ast.Lt: ("<", operator.lt, LT, ILT),
    ast.LtE: ("<=", operator.le, LE, ILE),
    ast.Gt: (">", operator.gt, GT, IGT),
    ast.GtE: (">=", operator.ge, GE, IGE),
    ast.Eq: ("==", operator.eq, EQ, IEQ),
    ast.NotEq: ("!=", operator.ne, NE, INE),
}

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
    if type_ == F64 and _may_be_whole(frame, a) and _may_be_whole(frame, b):
        _taken_whole(frame, result, (a, x), (b, y))
        return result if isinstance(op, ast.Div) else partly_whole(frame, result, ((a, x), (b, y)))
    return result


def as_integer(frame: Frame, at: ast.AST, value: Value) -> Value:
    """A bool as Python's arithmetic takes it, 0 or 1; any other value is itself."""
    if type_of(frame, value) != BOOL:
        return value
    if isinstance(value, Static):
        return Static(int(bool(value.value)))
    flag = to_node(frame, at, value, BOOL, DIMENSIONLESS)
    return POISON if flag is None else apply(frame, at, BOOL_TO_I64, flag)


def _no_operator(frame: Frame, at: ast.AST) -> Value:
    fix = "map over it: Assets(f(x) for x in v)"
    return frame.report("E047", at, "+ - * / or ** along an axis", f"`{frame.text(at)}`", fix)


def _is_whole(frame: Frame, value: Value) -> bool:
    type_ = common_type(frame, (value,))
    return type_ is not None and not type_.is_float


def _may_be_whole(frame: Frame, value: Value) -> bool:
    """Whether Python has an integer here, or may have one."""
    return _is_whole(frame, value) or (isinstance(value, Number) and bool(value.whole))


def _whole_parts(frame: Frame, value: Value, node: int) -> frozenset[int]:
    """The integers that `value`, which became `node`, is or may be, as nodes that are floats."""
    if isinstance(value, Number) and value.whole:
        return value.whole
    is_made_float = _is_whole(frame, value) and frame.builder.type_of(node).element == F64
    return frozenset((node,)) if is_made_float else frozenset()


def partly_whole(frame: Frame, result: Value, operands: Iterable[tuple[Value, int]]) -> Value:
    """`result`, a float chosen among `operands`, values and nodes: where an integer was, Python still has one."""
    parts = frozenset[int]().union(*(_whole_parts(frame, value, node) for value, node in operands))
    if not parts or not isinstance(result, Number) or frame.builder.type_of(result.node).element != F64:
        return result
    return replace(result, whole=parts)


def _taken_whole(frame: Frame, result: Value, *operands: tuple[Value, int]) -> None:
    """Note the operands, values and nodes, that are integers where the op computes with floats: Python computes with them exactly."""
    if isinstance(result, Number):
        whole = frozenset[int]().union(*(_whole_parts(frame, value, node) for value, node in operands))
        if whole:
            frame.builder.whole_operands(result.node, whole)


def _negative_shift(frame: Frame, at: ast.AST, count: Operand) -> Value:
    return frame.report(
        "E036", at, "a shift by at least 0 places", f"`{frame.text(count[0])}`", "shift the other way: n << 3, n >> 3"
    )


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
    if not _is_whole(frame, power):
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
    _taken_whole(frame, result, (a, x), (b, y))
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
