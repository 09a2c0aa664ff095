"""The user's own function called on numbers, bar by bar, over the rows of a batch."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from compile.backend import Batch
from dag.annotations import EnumClass, Leaf, RecordShape, Shape, TupleShape, code_of, leaves, shape_of
from dag.binary32 import as_number
from dag.graph import Graph
from dag.lane import AnyLane
from dag.types import Kind, Value


def shapes_of(lane: AnyLane) -> dict[str, Shape]:
    """The shapes of a lane's arguments and, as "return", of its result."""
    function = lane.function
    held = inspect.get_annotations(function)
    # Annotations stand in an order of their own where arguments are given by place only.
    names = [*inspect.signature(function).parameters, "return"]
    return {name: shape_of(held[name], function.__globals__) for name in names}


def output_names(lane: AnyLane) -> list[str]:
    """The names of a root's outputs, in the order of the values of its result."""
    shape = shapes_of(lane)["return"]
    prefix = {Leaf: lane.name, TupleShape: "result", RecordShape: ""}[type(shape)]
    return [path for path, _ in leaves(shape, prefix)]


def run_on_numbers(lane: AnyLane, graph: Graph, batch: Batch, accepted: Any) -> Iterator[tuple[int, int, list[Value]]]:
    """Bar, instance and the values of the result for each accepted row; on the others no bar happens.

    `accepted` is [bars, instances]. Raises whatever the function raises.
    """
    shapes = shapes_of(lane)
    result = shapes.pop("return")
    tunable = [name for name, shape in shapes.items() if isinstance(shape, RecordShape) and shape.tunable]
    paths = Counter(
        path
        for name, shape in shapes.items()
        if name not in tunable
        for path, _ in leaves(shape, "" if isinstance(shape, RecordShape) else name)
    )
    for instance in range(batch.instances):
        if not accepted[:, instance].any():
            continue  # of parameters outside their domains there is no instance
        params = {
            name: _built(shapes[name], name if len(tunable) > 1 else "", lambda path: batch.params[path][instance])
            for name in tunable
        }
        stream = lane.stream(**params)
        for bar in range(batch.bars):
            if not accepted[bar, instance]:
                continue
            given: dict[str, Any] = {}
            for name, shape in shapes.items():
                if name in tunable:
                    continue
                own = not isinstance(shape, RecordShape)
                led = own or any(paths[path] > 1 for path, _ in leaves(shape))
                given[name] = _built(shape, name if led else "", lambda path: batch.inputs[path][bar, instance])
            free = [name for name in shapes if name not in tunable]
            yield bar, instance, list(_flat(result, stream(*(given[name] for name in free))))


def _built(shape: Shape, path: str, value: Callable[[str], Any]) -> Any:
    match shape:
        case Leaf():
            return _number(value(path), shape)
        case TupleShape(items):
            return tuple(_built(item, f"{path}.{i}" if path else str(i), value) for i, item in enumerate(items))
        case RecordShape(cls, fields):
            return cls(**{name: _built(of, f"{path}.{name}" if path else name, value) for name, of in fields})


def _number(value: Any, leaf: Leaf) -> Any:
    plain = value.item() if hasattr(value, "item") else value
    if leaf.enum is not None:
        return _member(leaf.enum, int(plain))
    if leaf.type.kind is Kind.BOOL:
        return bool(plain)
    return as_number(plain, leaf.type)


def _member(enum: EnumClass, code: int) -> Any:
    return next(each for each in enum if code_of(each) == code)


def _flat(shape: Shape, value: Any) -> Iterator[Value]:
    match shape:
        case Leaf():
            yield code_of(value) if shape.enum is not None else value
        case TupleShape(items):
            for item, part in zip(items, value, strict=True):
                yield from _flat(item, part)
        case RecordShape(_, fields):
            for name, of in fields:
                yield from _flat(of, getattr(value, name))


Values = Mapping[str, Value]
