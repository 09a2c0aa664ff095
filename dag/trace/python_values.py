"""Python objects met while tracing, as values."""

from __future__ import annotations

import dataclasses
from enum import Enum
from typing import Any

from dag.language.annotations import field_shape
from dag.language.leaves import checked
from dag.language.shapes import ANY_UNIT, AnnotationProblem, Leaf
from dag.operators.units import DIMENSIONLESS
from dag.trace.frame import Frame
from dag.trace.values import Group, Number, Record, Static, Value


def from_python(frame: Frame, value: object, name: str = "") -> Value:
    """A value that exists outside the lane: constants, enums, functions, tuples, frozen dataclass instances.

    A number in a dataclass field keeps the unit that the field declares; any other number is a literal called `name`.
    """
    if isinstance(value, Enum | bool):
        return Static(value, name)
    if isinstance(value, float):
        return Static(float(value), name)  # numpy's float64 is a float too
    if isinstance(value, tuple | list):  # which nothing in a lane changes
        return Group(tuple(from_python(frame, item, name and f"{name}.{i}") for i, item in enumerate(value)))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: _field(frame, value, f.name, name) for f in dataclasses.fields(value)}
        return Record(type(value), fields)
    return Static(value, name)


def _field(frame: Frame, instance: Any, field: str, name: str) -> Value:
    value = getattr(instance, field)
    full = f"{name}.{field}" if name else field
    try:
        shape = field_shape(type(instance), field)
    except AnnotationProblem:
        return from_python(frame, value, full)
    if not isinstance(shape, Leaf) or shape.unit in (DIMENSIONLESS, ANY_UNIT):
        return from_python(frame, value, full)
    held = checked(value, shape.type, shape.enum)
    if held is None:
        return from_python(frame, value, full)
    node = frame.builder.const(held, shape.type, shape.unit)
    if not frame.session.untapped:
        frame.session.names.constants.append((frame.scope, full, node))
    return Number(node, declared=True)
