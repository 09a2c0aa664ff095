"""Where a value meets a declaration: arguments, results, fields, annotated variables."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from dag.diagnostics.diagnostic import Label
from dag.diagnostics.span import Span
from dag.language.annotations import shape_of
from dag.language.lift import lifted_from
from dag.language.marks import Claim, ClaimSite
from dag.language.shapes import ANY_UNIT, AnnotationProblem, Leaf, RecordShape, Shape, TupleShape, VectorShape, leaves
from dag.trace.frame import Frame
from dag.trace.open_units import suppose
from dag.trace.scalars import (
    arithmetic_type,
    is_literal,
    is_number_enum,
    origin_line,
    origins,
    to_node,
    type_of,
    unit_of,
    what,
)
from dag.trace.values import POISON, Along, Group, Number, Poison, Record, Static, Value
from dag.values.types import BOOL, F32, F64, I32, I64, Type

#: How an annotation names a type.
PYTHON_NAMES = {F64: "float", F32: "float32", I64: "int", I32: "int32", BOOL: "bool"}


def conform(frame: Frame, at: ast.AST, value: Value, shape: Shape, role: str, declared: Span | None) -> Value:
    """`value` as the declaration says it is; what does not fit is reported, naming both places.

    Literals take the declared unit; integers become floats where a float is declared. `role` is what the message calls
    the declaration: "argument `x` of `f`".
    """
    if isinstance(value, Poison):
        return POISON
    match shape:
        case Leaf():
            return _conform_leaf(frame, at, value, shape, role, declared)
        case TupleShape(items):
            if isinstance(value, Group) and len(value.items) == len(items):
                parts = zip(items_at(at, len(items)), items, value.items, strict=True)
                return Group(tuple(conform(frame, each, part, item, role, declared) for each, item, part in parts))
        case VectorShape(cls, item):
            return _conform_vector(frame, at, value, cls, item, shape, role, declared)
        case RecordShape(cls, fields, _):
            if isinstance(value, Record) and issubclass(value.cls, cls):
                return _conform_record(frame, at, value, fields, role, declared)
    got = (f"{frame.text(at)}  {what(frame, value)}", f"{role}  {shape}")
    fix = _give(frame, at, shape) if declared else _undeclared(frame, value, shape)
    return frame.report("E030", at, f"{role} to be {shape}", got, fix, labels=_declaration(role, declared))


def _give(frame: Frame, at: ast.AST, shape: Shape) -> str:
    """What to write where something else than `shape` came; of a record, the call that makes it."""
    if not isinstance(shape, RecordShape):
        return f"give {shape}"
    names = [name for name, _ in shape.fields]
    match at:
        case ast.Tuple(items) if len(items) == len(names) and not any(isinstance(each, ast.Starred) for each in items):
            given = [frame.text(each) for each in items]
        case _:
            given = [f"{name}=..." for name in names]
    return f"write {shape.cls.__name__}({', '.join(given)})"


def _conform_vector(
    frame: Frame, at: ast.AST, value: Value, cls: type, item: Shape, shape: Shape, role: str, declared: Span | None
) -> Value:
    """A value along an axis: along that very class, each place as it is declared."""
    if isinstance(value, Along) and value.cls is cls and not value.lazily:
        found = conform(frame, at, value.item, item, role, declared)
        return POISON if isinstance(found, Poison) else Along(value.cls, found, declared or value.span)
    got = (f"{frame.text(at)}  {what(frame, value)}", f"{role}  {shape}")
    name = cls.__name__
    fix = f"map: {name}(f(x) for x in v)"
    if isinstance(value, Along) and value.cls is cls:
        fix = f"write {name}({frame.text(at)})"
    elif isinstance(value, Along):
        fix = "axes are nominal: declare both along one class"
    return frame.report("E047", at, f"{role} to be {shape}", got, fix, labels=_declaration(role, declared))


def items_at(at: ast.AST, count: int) -> list[ast.AST]:
    """The expressions of the items of a tuple of `count`: as they are written, else `pair[0]`."""
    if (
        isinstance(at, ast.Tuple)
        and len(at.elts) == count
        and not any(isinstance(each, ast.Starred) for each in at.elts)
    ):
        return list(at.elts)
    if not isinstance(at, ast.Name | ast.Attribute | ast.Subscript):
        return [at] * count
    return [ast.copy_location(ast.Subscript(at, ast.Constant(i), ast.Load()), at) for i in range(count)]


def claim(
    frame: Frame, shape: Shape, value: Value, place: ClaimSite, name: str, span: Span | None, declared: Span | None
) -> None:
    """Keep what a declaration says of the value that met it."""
    match shape, value:
        case Leaf(marks=marks), Number(node):
            frame.builder.claim(Claim(node, frame.scope, place, name, marks, span, declared))
        case TupleShape(items), Group(parts):
            for index, (item, part) in enumerate(zip(items, parts, strict=True)):
                claim(frame, item, part, place, f"{name}.{index}" if name else str(index), span, declared)
        case VectorShape(_, item), Along(_, inner_value):
            claim(frame, item, inner_value, place, name, span, declared)
        case RecordShape(cls, fields, _), Record(_, parts):
            for field, inner in fields:
                where = frame.field_span(cls, field) if has_marks(inner) else declared
                claim(frame, inner, parts[field], place, f"{name}.{field}" if name else field, span, where)
        case _:
            pass


def has_marks(shape: Shape) -> bool:
    """Whether anything is claimed of any value of `shape`."""
    return any(leaf.marks for _, leaf in leaves(shape))


def _conform_record(
    frame: Frame, at: ast.AST, value: Record, fields: Sequence[tuple[str, Shape]], role: str, declared: Span | None
) -> Record:
    """What a record was built of conformed then. One that the module holds, a default for instance, has Python's numbers in it."""
    literals = {
        name: conform(frame, at, value.fields[name], field, role, declared)
        for name, field in fields
        if _holds_literals(value.fields[name])
    }
    return Record(value.cls, {**value.fields, **literals}) if literals else value


def _holds_literals(value: Value) -> bool:
    match value:
        case Group(items):
            return any(map(_holds_literals, items))
        case Record(_, fields):
            return any(map(_holds_literals, fields.values()))
        case _:
            return isinstance(value, Static)


def _conform_leaf(frame: Frame, at: ast.AST, value: Value, leaf: Leaf, role: str, declared: Span | None) -> Value:
    if not _type_fits(frame, value, leaf.type):
        got = (origin_line(frame, at, value), f"{role}  {leaf}")
        fix = _type_fix(frame, value, leaf.type) if declared else _undeclared(frame, value, leaf)
        places = [*origins(frame, ((at, value),)), *_declaration(role, declared)]
        return frame.report("E030", at, f"{role} to be {leaf}", got, fix, labels=places)
    unit = unit_of(frame, value)
    if unit is None and leaf.unit == ANY_UNIT and isinstance(value, Static):
        return value  # a literal, whose unit stays open
    if unit not in (None, leaf.unit_for(unit)):
        got = (origin_line(frame, at, value), f"{role}  {leaf}")
        text = frame.text(at)
        fix = f'convert it to {leaf.unit}; as_unit({text}, "{leaf.unit}") changes the meaning without changing a bit'
        places = [*origins(frame, ((at, value),)), *_declaration(role, declared)]
        suppose(frame, value, leaf.unit)
        return frame.report("E031", at, f"{role} in {leaf.unit}", got, fix, labels=places)
    if leaf.type not in (F64, F32, I32) and isinstance(value, Static):
        return value  # still known: the callee may loop that often
    node = to_node(frame, at, value, leaf.type, leaf.unit_for(unit))
    return POISON if node is None else Number(node, declared, declared=True)


def _declaration(role: str, declared: Span | None) -> list[Label]:
    return [Label(declared, f"{role} is declared here")] if declared else []


def _undeclared(frame: Frame, value: Value, shape: Shape) -> str:
    """The way out where a lifted function's result is a float only because it says nothing else."""
    tree, lifted = frame.source.tree, lifted_from(frame.source.function)
    annotation = annotation_of(frame, value)
    if tree.returns is None and lifted is not None and annotation is not None:
        return f"write `-> {annotation}:`, or lift({tree.name}, returns={annotation})"
    return _type_fix(frame, value, shape.type) if isinstance(shape, Leaf) else f"give {shape}"


def annotation_of(frame: Frame, value: Value) -> str | None:
    """The annotation that a value fits; None where there is none to write."""
    match value:
        case Group(items) if items:
            parts = [annotation_of(frame, item) for item in items]
            return None if None in parts else f"tuple[{', '.join(map(str, parts))}]"
        case Record(cls, _):
            return cls.__name__
        case _:
            type_ = type_of(frame, value)
            if type_ is None:
                return None
            return type_.members.name if type_.members is not None else PYTHON_NAMES.get(type_)


def _type_fits(frame: Frame, value: Value, wanted: Type) -> bool:
    have = type_of(frame, value)
    if have is None:
        return False
    if wanted == I64:
        return have == I64 or is_number_enum(frame, have)
    if wanted in (F32, I32) and is_literal(value):
        return have == I64 or (wanted == F32 and have == F64)
    return have == wanted or (wanted == F64 and arithmetic_type(frame, value) in (F64, I64))


def _type_fix(frame: Frame, value: Value, wanted: Type) -> str:
    if type_of(frame, value) is None:
        return f"give one value of type {wanted}"
    if wanted == I64:
        return "int(x) truncates, round(x) rounds ties to even"
    if wanted in (F32, I32):
        return f"convert it: {'float32' if wanted == F32 else 'int32'}({'x' if wanted == F32 else 'n'})"
    if wanted.members is not None:
        return f"give a member of {wanted.members.name}"
    if type_of(frame, value) in (F32, I32) and wanted == F64:
        return "convert it: float(x)"
    return "int(flag) makes a bool a number" if wanted == F64 else "compare it: x != 0.0"


def read_annotation(frame: Frame, annotation: ast.expr | None, held: Any, span: Span, role: str) -> Shape | None:
    """What a declaration in this function says; None after a report. `held` is the annotation as Python keeps it."""
    if annotation is None and held is None:
        way = "write `-> float:`" if role.startswith("the result") else f"write `{role.split('`')[1]}: float`"
        frame.report_at("E010", span, f"{role} annotated", "no annotation", f"{way}, or another type")
        return None
    try:
        return shape_of(held, frame.source.outer_names())
    except AnnotationProblem as problem:
        place = span if annotation is None else frame.span(annotation)
        if problem.field is not None:
            place = frame.field_span(*problem.field) or place
        frame.report_at(problem.code, place, problem.expected, problem.got, problem.fix)
        return None
