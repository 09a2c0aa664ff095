"""Records: a frozen dataclass constructed, or replaced in some fields."""

from __future__ import annotations

import ast
import dataclasses
import inspect

from dag.language.annotations import record_shape
from dag.language.leaves import is_params
from dag.language.marks import ClaimSite
from dag.language.shapes import AnnotationProblem
from dag.trace.boundaries import claim, conform, has_marks
from dag.trace.calls.arguments import bound_arguments, written_out
from dag.trace.expressions.names import close_matches
from dag.trace.frame import Frame
from dag.trace.python_values import from_python
from dag.trace.values import POISON, Poison, Record, Value


def construct(frame: Frame, node: ast.Call, cls: type) -> Value:
    """An instance of a frozen dataclass; each field is checked against its declaration."""
    arguments = bound_arguments(frame, node, inspect.signature(cls), cls.__name__)
    if arguments is None:
        return POISON
    try:
        shape = record_shape(cls)
    except AnnotationProblem as problem:
        place = frame.field_span(*problem.field) if problem.field else None
        return frame.report_at(problem.code, place or frame.span(node), problem.expected, problem.got, problem.fix)
    fields: dict[str, Value] = {}
    defaults = {field.name: field.default for field in dataclasses.fields(cls)}
    factories = {field.name: field.default_factory for field in dataclasses.fields(cls)}
    for name, field in shape.fields:
        if name in arguments:
            at, value = arguments[name]
        else:
            factory = factories[name]
            default = factory() if factory is not dataclasses.MISSING else defaults[name]
            at, value = node, from_python(frame, default, name)
        fields[name] = conform(
            frame, at, value, field, f"field `{name}` of {cls.__name__}", frame.field_span(cls, name)
        )
        if has_marks(field):
            claim(frame, field, fields[name], ClaimSite.FIELD, name, frame.span(at), frame.field_span(cls, name))
    return Record(cls, fields)


def replaced(frame: Frame, node: ast.Call) -> Value:
    """`replace(quote, bid=x)`: the record with other fields, each checked against its declaration."""
    operands = written_out(frame, node)
    if operands is None:
        return POISON
    record = operands[0][1] if len(operands) == 1 else None
    if isinstance(record, Poison):
        return POISON
    if not isinstance(record, Record) or is_params(record.cls):
        got = "a @params object, whose fields have one writer, their binding" if isinstance(record, Record) else ""
        fix = "write replace(quote, bid=x), of a frozen dataclass"
        return frame.report("E034", node, "one record and its other fields", got or f"`{frame.text(node)}`", fix)
    named = {each.arg: each.value for each in node.keywords if each.arg is not None}
    unknown = [name for name in named if name not in record.fields]
    if unknown or len(named) < len(node.keywords):
        fix = close_matches(unknown[0], list(record.fields)) if unknown else "write the fields out, without **"
        expected = f"fields of {record.cls.__name__}: {', '.join(record.fields)}"
        return frame.report("E034", node, expected, f"`{frame.text(node)}`", fix or "name one of its fields")
    changed = dict(record.fields)
    for name, field in record_shape(record.cls).fields:
        if name in named:
            declared = frame.field_span(record.cls, name)
            role = f"field `{name}` of {record.cls.__name__}"
            changed[name] = conform(frame, named[name], frame.evaluate(named[name]), field, role, declared)
            if has_marks(field):
                claim(frame, field, changed[name], ClaimSite.FIELD, name, frame.span(named[name]), declared)
    return Record(record.cls, changed)
