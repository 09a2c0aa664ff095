"""Single values: their types and units, and how they become nodes.

A static number has no unit of its own. It becomes a constant of the unit it meets in `+ - < min max` and `if`, and a plain
ratio in `*` and `/`.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import Enum
from types import BuiltinFunctionType, ModuleType

from dag.diagnostics.diagnostic import Label
from dag.diagnostics.span import Span
from dag.language.leaves import code_of, type_of_enum
from dag.language.shapes import AnnotationProblem, describe
from dag.operators.table import ENUM_TO_I64, I32_TO_I64, I64_TO_F64, SELECT
from dag.operators.units import DIMENSIONLESS
from dag.trace.frame import Frame
from dag.trace.open_units import site, suppose, taken_for_ratio, unit_supposed
from dag.trace.values import (
    Along,
    Array,
    Choice,
    Filled,
    Group,
    Merged,
    Number,
    Poison,
    Record,
    Static,
    Unsettled,
    Value,
    Window,
)
from dag.values.binary32 import FLOAT32, as_literal, is_narrow
from dag.values.types import BOOL, F32, F64, I32, I64, Kind, Type
from dag.values.words import round_f32

NUMERIC = (F64, F32, I64, I32)
#: The bits of an integer that a message writes out.
LONGEST_SHOWN = 256
#: What to do where widths meet.
WIDTHS = "convert one of them: float(x), float32(x), int(n), int32(n); nothing is widened or rounded silently"


def type_of(frame: Frame, value: Value) -> Type | None:
    """The node type of a single value; None for what cannot be a node (tuples, strings, modules, ...)."""
    match value:
        case Number(node):
            return frame.builder.type_of(node).element  # of a window's values, what each of them is
        case Unsettled():
            return value.type.element
        case Choice(_, a, b):
            types = (type_of(frame, a), type_of(frame, b))
            return types[0] if types[0] == types[1] else F64  # of an int and a float
        case Static(bool()):
            return BOOL
        case Static(Enum() as member):
            try:
                type_ = type_of_enum(type(member))
            except AnnotationProblem:
                return None
            frame.session.enums[type_] = type(member)
            return type_
        case Static(int()):
            return I64
        case Static(float()):
            return F64
        case Static(known) if is_narrow(known):
            return F32 if isinstance(known, FLOAT32) else I32
        case _:
            return None


def unit_of(frame: Frame, value: Value) -> str | None:
    """The unit of a value, or None where it takes the one it meets."""
    match value:
        case Number(node):
            return frame.builder.unit_of(node)
        case Unsettled(settled=Number(node)):
            return frame.builder.unit_of(node)
        case _:
            return None


def is_number_enum(frame: Frame, type_: Type | None) -> bool:
    """Whether this is an `IntEnum`, whose members are numbers too."""
    return type_ is not None and type_.kind is Kind.ENUM and issubclass(frame.session.enums.get(type_, Enum), int)


def enum_of(frame: Frame, value: Value) -> type[Enum] | None:
    """The Enum class of a member that is known at run time only; None for anything else."""
    return frame.session.enums.get(frame.builder.type_of(value.node).element) if isinstance(value, Number) else None


def arithmetic_type(frame: Frame, value: Value) -> Type | None:
    """The type as which arithmetic takes the value, None where it is no number."""
    type_ = type_of(frame, value)
    return I64 if is_number_enum(frame, type_) else type_ if type_ in NUMERIC else None


def is_literal(value: Value) -> bool:
    """Whether the value takes the type it meets: a number that the source says, or a choice of two; not `float32(0.1)`."""
    match value:
        case Choice(_, a, _):
            return is_literal(a)
        case Static(known):
            return not is_narrow(known)
        case _:
            return False


def common_type(frame: Frame, values: Sequence[Value]) -> Type | None:
    """The one type in which numbers are computed with; None where there is none.

    Integers become floats where they meet one, as in Python. A float32 or an int32 meets its own type, or literals; only
    with a float an int32 is a float.
    """
    computed = {arithmetic_type(frame, value) for value in values if not is_literal(value)}
    literals = {arithmetic_type(frame, value) for value in values if is_literal(value)}
    if None in computed or None in literals:
        return None
    if F32 in computed:
        return F32 if computed == {F32} else None
    if I32 in computed:
        if F64 in computed or F64 in literals:
            return F64
        return I32 if computed == {I32} else None
    return F64 if F64 in computed | literals else I64


def shown(known: object) -> str:
    """A known value in a message; Python refuses to write a long integer out."""
    if isinstance(known, int) and not isinstance(known, Enum) and known.bit_length() > LONGEST_SHOWN:
        return f"an integer of {known.bit_length()} bits"
    return repr(known)


def what(frame: Frame, value: Value) -> str:
    """A value as a message names it."""
    match value:
        case Group(items):
            return f"a tuple of {len(items)}"
        case Window(length=length):
            return f"a window of {length}"
        case Array(length=length) | Filled(length=length):
            return f"an array of {length}"
        case Along(cls, item):
            return f"{what(frame, item)} along {cls.axis}"
        case Record(cls, _):
            return f"a {cls.__name__}"
        case Poison() | Merged():
            return "nothing"
        case Static(None):
            return "None"
        case Static(type() as cls):
            return f"the class {cls.__name__}"
        case Static(ModuleType() as module):
            return f"the module {module.__name__}"
        case Static(BuiltinFunctionType()):
            return "a function written in C"
        case Static(inner) if type(inner).__module__.partition(".")[0] == "numpy" and callable(inner):
            return "a function of numpy"
        case Static(inner) if type_of(frame, value) is None:
            return f"a Python {type(inner).__name__}"
        case Static(inner) if is_narrow(inner):
            return f"the literal {type(inner).__name__}({inner!s})"
        case Static(inner):
            return f"the literal {shown(inner)}"
        case _:
            type_ = type_of(frame, value)  # at each place, where it is along an axis
            assert type_ is not None
            return describe(type_, unit_of(frame, value) or DIMENSIONLESS)


def origin_line(frame: Frame, node: ast.AST, value: Value) -> str:
    """A line of a message's `got`: the operand's text, type and unit."""
    return f"{frame.text(node)}  {what(frame, value)}"


def origins(frame: Frame, operands: Iterable[tuple[ast.AST, Value]]) -> list[Label]:
    """Where the units of operands come from, for the labels of a message."""
    found: list[Label] = []
    for node, value in operands:
        origin = value.origin if isinstance(value, Number) else value.span if isinstance(value, Unsettled) else None
        if origin is not None and origin.line != frame.span(node).line:
            is_declared = not isinstance(value, Number) or value.declared
            found.append(Label(origin, f"`{frame.text(node)}` is {'declared' if is_declared else 'computed'} here"))
    return found


def to_node(frame: Frame, at: ast.AST, value: Value, type_: Type, unit: str) -> int | None:
    """The node of a single value, as `type_`; open units become `unit`. None after a report.

    Integers become floats and IntEnum members become integers where `type_` asks for it; nothing else converts.
    """
    span = frame.span(at)
    match value:
        case Static():
            return _constant(frame, at, value, type_, unit, span)
        case Choice(condition, a, b):
            unit = unit_supposed(frame, ((at, value),)) if unit == DIMENSIONLESS else unit
            chosen = to_node(frame, at, a, type_, unit)
            otherwise = to_node(frame, at, b, type_, unit)
            if chosen is None or otherwise is None:
                return None
            value.nodes.append(frame.builder.op(SELECT, (condition, chosen, otherwise), replace(span, arms=value.arms)))
            if unit == DIMENSIONLESS:
                taken_for_ratio(frame.session, value.nodes[-1], site(frame, at))
            return value.nodes[-1]
        case Unsettled():
            return convert(frame, settle(frame, value, unit).node, type_, span)
        case Number(node):
            return convert(frame, node, type_, span)
        case _:
            return None


def convert(frame: Frame, node: int, type_: Type, span: Span | None) -> int | None:
    """`node` as `type_`, through the conversions that Python does by itself; None where there is none."""
    have = frame.builder.type_of(node).element
    if have == type_:
        return node
    if is_number_enum(frame, have) and type_ in NUMERIC:
        node, have = frame.builder.op(ENUM_TO_I64, (node,), span), I64
    if have == I32 and type_ in (F64, I64):
        node, have = frame.builder.op(I32_TO_I64, (node,), span), I64
    if have == I64 and type_ == F64:
        return frame.builder.op(I64_TO_F64, (node,), span)
    return node if have == type_ else None


def settle(frame: Frame, value: Unsettled, unit: str) -> Number:
    """Fix the unit of a carried value, at the first unit it meets."""
    if value.settled is None:
        node = frame.builder.state(value.state, value.type, unit, value.initial, value.span)
        value.settled = Number(node, value.span, declared=True)
        if unit == DIMENSIONLESS:
            taken_for_ratio(frame.session, node, frame.session.places[value.state])
    return value.settled


def _constant(frame: Frame, at: ast.AST, literal: Static, type_: Type, unit: str, span: Span) -> int | None:
    value = as_literal(literal.value)
    if isinstance(value, Enum):
        value = code_of(value)
    if not isinstance(value, int | float):
        return None
    if type_ == F64:
        try:
            value = float(value)
        except OverflowError:
            frame.report("E036", at, "a number that a float can hold", shown(value), "write a float literal")
            return None
    elif type_ == F32:
        rounded = round_f32(float(value))
        if math.isinf(rounded) and not math.isinf(value):
            frame.report("E036", at, "a number that a float32 can hold", f"{value}", "compute in float, or scale it")
            return None
        value = rounded
    elif type_ == I32 and not -(1 << 31) <= value < 1 << 31:
        frame.report("E036", at, "an integer of 32 bits", shown(value), "compute in int, or write a smaller integer")
        return None
    elif type_ == I64 and not -(1 << 63) <= value < 1 << 63:
        frame.report("E036", at, "an integer of 64 bits", shown(value), "write a float, or a smaller integer")
        return None
    node = frame.builder.const(value, type_, unit, span)
    literal.nodes.append(node)
    if literal.name and not frame.session.untapped:
        frame.session.names.constants.append((frame.scope, literal.name, node))
    return node


def unify(
    frame: Frame, at: ast.AST, operands: Sequence[tuple[ast.AST, Value]], operation: str
) -> tuple[list[int], Type] | None:
    """The operands as nodes of one arithmetic type and one unit; None after a report, or where one is a mistake already."""
    if any(isinstance(value, Poison) for _, value in operands):
        return None
    type_ = common_type(frame, [value for _, value in operands])
    if type_ is None:
        report_types(frame, at, operands, f"numbers of one type for `{operation}`")
        return None
    units = list(dict.fromkeys(unit for _, value in operands if (unit := unit_of(frame, value)) is not None))
    if len(units) > 1:
        report_units(frame, at, operands, f"all operands of `{operation}` in one unit")
        return None
    unit = units[0] if units else unit_supposed(frame, operands)
    nodes = [to_node(frame, node, value, type_, unit) for node, value in operands]
    known = [node for node in nodes if node is not None]
    return (known, type_) if len(known) == len(nodes) else None


def report_units(frame: Frame, at: ast.AST, operands: Sequence[tuple[ast.AST, Value]], expected: str) -> None:
    """Report operands whose units differ."""
    for _, value in operands:
        for _, met in operands:
            suppose(frame, value, unit_of(frame, met))
    with_unit = [(node, value) for node, value in operands if unit_of(frame, value) is not None]
    first = unit_of(frame, with_unit[0][1])
    other = next(node for node, value in with_unit if unit_of(frame, value) != first)
    fix = f'convert one of them; as_unit({frame.text(other)}, "{first}") changes the meaning without changing a bit'
    got = tuple(origin_line(frame, node, value) for node, value in operands)
    frame.report("E031", at, expected, got, fix, labels=origins(frame, operands))


def _begun_narrow(frame: Frame, operands: Sequence[tuple[ast.AST, Value]]) -> str | None:
    """The way out where a carried value that a literal begins meets a narrow number: it is carried on as what it began as."""
    narrow = next((type_ for _, value in operands if (type_ := type_of(frame, value)) in (F32, I32)), None)
    begun = next((frame.text(node) for node, value in operands if isinstance(value, Unsettled)), None)
    if narrow is None or begun is None:
        return None
    name, nought, wide = ("float32", "0.0", "float") if narrow == F32 else ("int32", "0", "int")
    return f"begin it as {name}, {begun} = carry(initial={name}({nought})), or convert what it meets with {wide}(...)"


def fields_of(frame: Frame, at: ast.AST, record: Record) -> str:
    """`bar.open, bar.close`, where `at` is `bar`."""
    return ", ".join(f"{frame.text(at)}.{name}" for name in record.fields)


def report_types(
    frame: Frame, at: ast.AST, operands: Sequence[tuple[ast.AST, Value]], expected: str, way: str | None = None
) -> None:
    """Report operands of types that do not fit; `way` out, where the caller knows a better one than their types tell."""
    kinds = [type_of(frame, value) for _, value in operands]
    if way is not None:
        fix = way
    elif any(isinstance(value, Window) for _, value in operands):
        fix = "take one value, past[-1], or fold all: sum_seq((v * v for v in past), 0.0), min_seq, max_seq"
    elif BOOL in kinds:
        fix = "int(flag) makes a bool a number; `a if flag else b` chooses by it"
    elif any(kind is not None and kind.kind is Kind.ENUM for kind in kinds):
        fix = "compare an Enum with == only, or make it an IntEnum to compute with it"
    elif F32 in kinds or I32 in kinds:
        fix = _begun_narrow(frame, operands) or WIDTHS
    else:
        records = [(node, value) for node, value in operands if isinstance(value, Record)]
        fix = f"write one of its fields: {fields_of(frame, *records[0])}" if records else "use single numbers here"
    got = tuple(origin_line(frame, node, value) for node, value in operands)
    frame.report("E030", at, expected, got, fix, labels=origins(frame, operands))
