"""The arguments and results of the root lane: inputs, parameters and outputs of the graph."""

from __future__ import annotations

import ast
import dataclasses
import inspect
from typing import Any

from dag.diagnostics.diagnostic import Label
from dag.diagnostics.span import Span
from dag.graphs.port_names import led_by_argument
from dag.language.leaves import checked
from dag.language.lift import lifted_from
from dag.language.marks import ClaimSite
from dag.language.shapes import Leaf, RecordShape, Shape, TupleShape, VectorShape, leaves, result_name
from dag.trace.axes import spread
from dag.trace.boundaries import claim
from dag.trace.calls.declarations import argument_shapes, declared_arguments
from dag.trace.frame import Frame
from dag.trace.python_values import from_python
from dag.trace.scalars import to_node, unit_of
from dag.trace.values import POISON, Along, Group, Number, Poison, Record, Value
from dag.values.types import Axis, along
from dag.values.types import Value as Plain


def declare_ports(frame: Frame) -> None:
    """Bind the root lane's arguments to inputs and parameters of the graph.

    An input is called as its argument; the fields of a dataclass by their own names, led by the argument where two ports would
    be called the same. Parameters are called by their fields, led by the argument where the lane takes several `@params` objects.
    """
    shapes = argument_shapes(frame)
    lifted = lifted_from(frame.source.function)
    signature = inspect.signature(frame.source.function)
    led = led_by_argument(shapes)
    for argument in declared_arguments(frame.source.tree):
        name = argument.arg
        shape = shapes.get(name)
        default = signature.parameters[name].default
        if shape is None:
            is_fixed = lifted is not None and name in lifted.fixed
            frame.env[name] = from_python(frame, default, name) if is_fixed else POISON
            continue
        if lifted is not None and name in lifted.tunable and isinstance(shape, Leaf):
            frame.env[name] = _param(frame, argument, shape, name, default, frame.span(argument))
            continue
        if isinstance(shape, RecordShape) and shape.tunable:
            given = None if default is inspect.Parameter.empty else default
            frame.env[name] = declare_params(frame, argument, shape, name if name in led else "", given)
        else:
            frame.env[name] = declare_inputs(frame, argument, shape, name if name in led else "", frame.span(argument))


def _join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def declare_inputs(frame: Frame, at: ast.arg, shape: Shape, name: str, span: Span, axis: Axis | None = None) -> Value:
    """Inputs for an argument, called by its path of fields; with an `axis`, of a value for each of its places."""
    match shape:
        case Leaf():
            _learn_enum(frame, shape)
            try:
                type_ = shape.type if axis is None else along(axis, shape.type)
                node = frame.builder.input(name, type_, shape.unit_for(None), shape.domain, span)
            except ValueError:
                return _taken(frame, at, name, span)
            value = Number(node, span, declared=True)
            claim(frame, shape, value, ClaimSite.INPUT, name, span, span)
            return value
        case VectorShape(cls, item):
            of_each = declare_inputs(frame, at, item, name, span, shape.axis)
            return POISON if isinstance(of_each, Poison) else Along(cls, of_each, span)
        case TupleShape(items):
            return Group(
                tuple(declare_inputs(frame, at, item, _join(name, str(i)), span, axis) for i, item in enumerate(items))
            )
        case RecordShape(cls, fields, _):
            return Record(
                cls,
                {
                    field: declare_inputs(
                        frame, at, inner, _join(name, field), frame.field_span(cls, field) or span, axis
                    )
                    for field, inner in fields
                },
            )


def declare_params(frame: Frame, at: ast.arg, shape: RecordShape, prefix: str, given: Any) -> Value:
    """Parameters for the fields of a `@params` class; `given` is the instance whose values are the defaults, if any."""
    declared = {field.name: field for field in dataclasses.fields(shape.cls)}
    fields: dict[str, Value] = {}
    for name, inner in shape.fields:
        field = declared[name]
        if given is not None:
            default = getattr(given, name)
        elif field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        else:
            default = None if field.default is dataclasses.MISSING else field.default
        span = frame.field_span(shape.cls, name) or frame.span(at)
        full = _join(prefix, name)
        match inner:
            case Leaf():
                fields[name] = _param(frame, at, inner, full, default, span)
            case RecordShape():
                fields[name] = declare_params(frame, at, inner, full, default)
            case TupleShape() | VectorShape():
                fields[name] = frame.report_at(
                    "E011",
                    span,
                    "a parameter that is one value",
                    f"`{name}`, {'a tuple' if isinstance(inner, TupleShape) else inner}",
                    "give each item a field of its own"
                    if isinstance(inner, TupleShape)
                    else "take it as an input: a parameter along an axis is not there yet",
                )
    return Record(shape.cls, fields)


def _param(frame: Frame, at: ast.arg, leaf: Leaf, name: str, default: Any, span: Span) -> Value:
    _learn_enum(frame, leaf)
    held: Plain | None = None
    if default is not None:
        held = checked(default, leaf.type, leaf.enum)
        if held is None or not leaf.domain.contains(held):
            frame.report_at(
                "E014",
                span,
                f"a default of `{name}` that is {leaf} in {leaf.domain}",
                f"{default!r}",
                "widen the domain, give another default, or none: then it must be pinned when the kernel is bound",
            )
    try:
        node = frame.builder.param(name, leaf.type, leaf.unit_for(None), leaf.domain, held, span)
    except ValueError:
        return _taken(frame, at, name, span)
    value = Number(node, span, declared=True)
    claim(frame, leaf, value, ClaimSite.PARAM, name, frame.span(at), span)
    return value


def _taken(frame: Frame, at: ast.arg, name: str, span: Span) -> Value:
    other = frame.builder.span_of(frame.builder.ports()[name])
    return frame.report_at(
        "E015",
        span,
        "inputs and parameters with names of their own",
        f"two called `{name}`, the second in argument `{at.arg}`",
        "rename the argument or the field",
        labels=() if other is None else (Label(other, f"the other `{name}` is declared here"),),
    )


def _learn_enum(frame: Frame, leaf: Leaf) -> None:
    if leaf.enum is not None:
        frame.session.enums[leaf.type] = leaf.enum


def declare_outputs(frame: Frame, shape: Shape, value: Value) -> tuple[str, ...]:
    """Declare the root lane's result: one output called as the lane, fields by their names, tuple items `result.0`, ...

    Returns the names of all that there have to be.
    """
    at = frame.source.tree.returns or frame.source.tree
    name = result_name(frame.source.tree.name, shape)
    _outputs(frame, at, shape, value, name)
    return tuple(path for path, _ in leaves(shape, name))


def _outputs(
    frame: Frame,
    at: ast.AST,
    shape: Shape,
    value: Value,
    name: str,
    place: Span | None = None,
    whole: Along | None = None,
) -> None:
    """Outputs for a result; `whole` is the value along an axis of which it is what each place holds."""
    match shape, value:
        case VectorShape(_, of_each), Along():
            _outputs(frame, at, of_each, value.item, name, place, value)
        case TupleShape(items), Group(parts):
            for i, (item, part) in enumerate(zip(items, parts, strict=True)):
                _outputs(frame, at, item, part, _join(name, str(i)), place, whole)
        case RecordShape(cls, fields, _), Record(_, parts):
            for field, inner in fields:
                _outputs(frame, at, inner, parts[field], _join(name, field), frame.field_span(cls, field), whole)
        case Leaf() as leaf, _:
            node = to_node(frame, at, value, leaf.type, leaf.unit_for(unit_of(frame, value)))
            if node is not None and whole is not None:
                node = spread(frame, at, node, whole)
            if node is not None:
                frame.builder.output(name, node, leaf.safe)
                claim(frame, leaf, Number(node), ClaimSite.OUTPUT, name, None, place or frame.span(at))
