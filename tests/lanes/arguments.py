"""From the ports of a lane's graph to the arguments of its Python function, and from its result to outputs."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

from dag.graphs.binding import flatten
from dag.language.annotations import shape_of
from dag.language.lane import AnyLane
from dag.language.shapes import Leaf, RecordShape, Shape, TupleShape
from dag.values.types import Value
from tests.lanes.oracles import Row


@cache
def shapes_of(lane: AnyLane) -> dict[str, Shape]:
    """What each argument of a lane is."""
    function = lane.function
    hints = {name: hint for name, hint in function.__annotations__.items() if name != "return"}
    return {name: shape_of(hint, function.__globals__) for name, hint in hints.items()}


def inputs_of(lane: AnyLane, row: Row) -> dict[str, Any]:
    """The arguments that come anew with every bar."""
    return {name: _argument(name, shape, row) for name, shape in shapes_of(lane).items() if not _is_tunable(shape)}


def params_of(lane: AnyLane, row: Row) -> dict[str, Any]:
    """The parameter objects. The fields of one alone are the names of its ports; those of several have the argument in front."""
    tunable = {name: shape for name, shape in shapes_of(lane).items() if _is_tunable(shape)}
    if len(tunable) > 1:
        return {name: _python(name, shape, row) for name, shape in tunable.items()}
    return {name: _argument(name, shape, row) for name, shape in tunable.items()}


def defaults_of(lane: AnyLane) -> dict[str, Value]:
    """The declared default of each parameter that has one."""
    found: dict[str, Value] = {}
    for shape in shapes_of(lane).values():
        if isinstance(shape, RecordShape) and shape.tunable:
            for field in dataclasses.fields(shape.cls):
                if dataclasses.is_dataclass(field.default):
                    found |= {f"{field.name}.{name}": value for name, value in flatten(field.default).items()}
                elif field.default is not dataclasses.MISSING:
                    found[field.name] = field.default
    return found


def outputs_of(lane: AnyLane, result: Any) -> dict[str, Value]:
    """A lane's result by output name."""
    if isinstance(result, tuple):
        return _leaves("result", result)
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        return _leaves("", result)
    return {lane.name: result}


def _leaves(path: str, value: Any) -> dict[str, Value]:
    if isinstance(value, tuple):
        items = {f"{path}.{index}": item for index, item in enumerate(value)}
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        before = f"{path}." if path else ""
        items = {before + field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    else:
        return {path: value}
    return {name: leaf for inner, item in items.items() for name, leaf in _leaves(inner, item).items()}


def _is_tunable(shape: Shape) -> bool:
    return isinstance(shape, RecordShape) and shape.tunable


def _argument(name: str, shape: Shape, row: Row) -> Any:
    """An argument from the ports, which are named after the fields where it is a record."""
    if isinstance(shape, RecordShape):
        return shape.cls(**{field: _python(field, inner, row) for field, inner in shape.fields})
    return _python(name, shape, row)


def _python(path: str, shape: Shape, row: Row) -> Any:
    match shape:
        case Leaf():
            value = row[path]
            return shape.enum(value) if shape.enum is not None else value
        case TupleShape(items):
            return tuple(_python(f"{path}.{index}", item, row) for index, item in enumerate(items))
        case RecordShape(cls, fields, _):
            return cls(**{field: _python(f"{path}.{field}", inner, row) for field, inner in fields})
