"""From the ports of a lane's graph to the arguments of its Python function, and from its result to outputs."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

from dag.annotations import Leaf, RecordShape, Shape, TupleShape, shape_of
from dag.lane import AnyLane
from dag.types import Value
from tests.lanes.oracles import Row


@cache
def shapes_of(lane: AnyLane) -> dict[str, Shape]:
    """What each argument of a lane is."""
    function = lane.function
    hints = {name: hint for name, hint in function.__annotations__.items() if name != "return"}
    return {name: shape_of(hint, function.__globals__) for name, hint in hints.items()}


def inputs_of(lane: AnyLane, row: Row) -> dict[str, Any]:
    """The arguments that come anew with every bar."""
    return {name: _argument(shape, name, row) for name, shape in shapes_of(lane).items() if not _is_tunable(shape)}


def params_of(lane: AnyLane, row: Row) -> dict[str, Any]:
    """The parameter objects. Every lane of the library has one at most, so its fields are the names of the ports."""
    return {name: _argument(shape, name, row) for name, shape in shapes_of(lane).items() if _is_tunable(shape)}


def defaults_of(lane: AnyLane) -> dict[str, Value]:
    """The declared default of each parameter that has one."""
    records = [shape for shape in shapes_of(lane).values() if isinstance(shape, RecordShape) and shape.tunable]
    fields = [field for shape in records for field in dataclasses.fields(shape.cls)]
    return {field.name: field.default for field in fields if field.default is not dataclasses.MISSING}


def outputs_of(lane: AnyLane, result: Any) -> dict[str, Value]:
    """A lane's result by output name."""
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        return {field.name: getattr(result, field.name) for field in dataclasses.fields(result)}
    if isinstance(result, tuple):
        return {f"result.{k}": item for k, item in enumerate(result)}
    return {lane.name: result}


def _is_tunable(shape: Shape) -> bool:
    return isinstance(shape, RecordShape) and shape.tunable


def _argument(shape: Shape, name: str, row: Row) -> Any:
    """An argument of its own name, a tuple of its numbered items, or a record of what its fields are called."""
    if isinstance(shape, TupleShape):
        return tuple(_python(item, row[f"{name}.{k}"]) for k, item in enumerate(shape.items))
    if isinstance(shape, RecordShape):
        return shape.cls(**{field: _python(leaf, row[field]) for field, leaf in shape.fields})
    return _python(shape, row[name])


def _python(shape: Shape, value: Value) -> Any:
    assert isinstance(shape, Leaf)
    return shape.enum(value) if shape.enum is not None else value
