"""Numbers as declarations say: where a lane writes `float32` or `int32`, a number that arrives there becomes one.

In the graph a literal takes the type it is declared with; on numbers it has to be converted, or the next operation would be
computed in Python's own float. Arguments, results, annotated variables and fields of dataclasses are such places.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import inspect
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any, TypeAlias

import numpy as np

from dag.language.annotations import field_shape, shape_of
from dag.language.shapes import AnnotationProblem, Leaf, RecordShape, Shape, TupleShape, VectorShape
from dag.language.vector import Vector
from dag.values.binary32 import FLOAT32, INT32, as_literal
from dag.values.types import Kind

Conversion: TypeAlias = Callable[[Any], Any]

_NARROW: Mapping[Kind, Conversion] = {Kind.F32: FLOAT32, Kind.I32: INT32}
#: What leaves a lane: numpy makes bools of its own, and floats of an int32 divided.
_RESULTS: Mapping[Kind, Conversion] = {**_NARROW, Kind.F64: as_literal, Kind.BOOL: as_literal}


def conversion_of(annotation: Any, names: Mapping[str, Any]) -> Conversion | None:
    """What makes a number that which `annotation` declares; None where it holds no float32 and no int32.

    An annotation that means nothing is the tracer's to report, at its line.
    """
    shape = _shape(annotation, names)
    return None if shape is None else _conversion(shape, _NARROW)


def in_declared_types(
    declared: FunctionType, names: Mapping[str, Any], function: Callable[..., Any]
) -> Callable[..., Any]:
    """`function` with arguments and result as the annotations of `declared` say; itself where nothing in it is narrow.

    numpy's remarks on overflow are off inside: wrapping and infinities are what these types are defined to do.
    """
    shapes = {name: _shape(held, names) for name, held in inspect.get_annotations(declared).items()}
    is_declared = any(shape and _conversion(shape, _NARROW) for shape in shapes.values())
    if not is_declared and not any(names.get(name) in (FLOAT32, INT32) for name in declared.__code__.co_names):
        return function
    result = shapes.pop("return", None)
    convert_result = (result and _conversion(result, _RESULTS)) or _unchanged
    conversions = {name: found for name, shape in shapes.items() if (found := shape and _conversion(shape, _NARROW))}
    signature = inspect.signature(declared)

    @functools.wraps(declared)
    def run(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        with np.errstate(all="ignore"):
            for name, convert in conversions.items():
                bound.arguments[name] = convert(bound.arguments[name])
            return convert_result(function(*bound.args, **bound.kwargs))

    return run


@functools.cache
def constructor(cls: type) -> Callable[..., Any]:
    """`cls`, a dataclass, whose fields are as they are declared. Classes of `@params` see to that themselves."""
    conversions = {
        field.name: found
        for field in dataclasses.fields(cls)
        if (shape := _field_shape(cls, field.name)) and (found := _conversion(shape, _NARROW))
    }
    return (lambda *args, **kwargs: _record(conversions, cls(*args, **kwargs))) if conversions else cls


def replaced(instance: Any, /, **changes: Any) -> Any:
    """`dataclasses.replace`, with fields as they are declared."""
    given = {field.name: getattr(instance, field.name) for field in dataclasses.fields(instance)}
    cls: type = type(instance)
    return constructor(cls)(**{**given, **changes})


def _conversion(shape: Shape, leaves: Mapping[Kind, Conversion]) -> Conversion | None:
    match shape:
        case Leaf():
            return leaves.get(shape.type.kind)
        case TupleShape(items):
            parts = [_conversion(item, leaves) for item in items]
            return functools.partial(_tuple, parts) if any(parts) else None
        case RecordShape(_, fields, tunable):
            found = {name: part for name, field in fields if (part := _conversion(field, leaves))}
            return functools.partial(_record, found) if found and not tunable else None
        case VectorShape(cls, item):
            return functools.partial(_vector, cls, _conversion(item, leaves))


def _vector(cls: type[Vector[Any]], convert: Conversion | None, items: Any) -> Any:
    """A value along the axis: of a list or an array, whose numbers become Python's own, or as it is."""
    if isinstance(items, cls) and convert is None:
        return items
    held = items.tolist() if isinstance(items, np.ndarray) else items
    return cls(held if convert is None else map(convert, held))


def _tuple(conversions: list[Conversion | None], items: Any) -> Any:
    pairs = zip(conversions, items, strict=True)
    return tuple(item if convert is None else convert(item) for convert, item in pairs)


def _record(conversions: Mapping[str, Conversion], instance: Any) -> Any:
    converted = copy.copy(instance)
    for name, convert in conversions.items():
        object.__setattr__(converted, name, convert(getattr(instance, name)))  # it is frozen
    return converted


def _unchanged(value: Any) -> Any:
    return value


def _shape(annotation: Any, names: Mapping[str, Any]) -> Shape | None:
    try:
        return shape_of(annotation, names)
    except AnnotationProblem:
        return None


def _field_shape(cls: type, field: str) -> Shape | None:
    try:
        return field_shape(cls, field)
    except AnnotationProblem:
        return None
