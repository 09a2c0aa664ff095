"""The user's own function called on numbers, bar by bar, over the rows of a batch."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from compile.backend import Batch
from dag.annotations import EnumClass, Leaf, RecordShape, Shape, TupleShape, code_of, leaves, shape_of
from dag.binary32 import as_number
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


def run_on_numbers(lane: AnyLane, batch: Batch, taken: Any) -> Iterator[tuple[int, int, list[Value]]]:
    """Bar, instance and the values of the result for each row that is taken; on the others no bar happens.

    `taken` is [bars, instances]. Raises whatever the function raises.
    """
    shapes = shapes_of(lane)
    result = shapes.pop("return")
    tunable = [name for name, shape in shapes.items() if isinstance(shape, RecordShape) and shape.tunable]
    params = {name: (shapes[name], name if len(tunable) > 1 else "") for name in tunable}
    paths = Counter(
        path
        for name, shape in shapes.items()
        if name not in tunable
        for path, _ in leaves(shape, "" if isinstance(shape, RecordShape) else name)
    )
    inputs: list[tuple[Shape, str]] = []
    for name, shape in shapes.items():
        if name not in tunable:
            led = not isinstance(shape, RecordShape) or any(paths[path] > 1 for path, _ in leaves(shape))
            inputs.append((shape, name if led else ""))
    for instance in range(batch.instances):
        if not taken[:, instance].any():
            continue  # of parameters outside their domains there is no instance
        bound = {name: column[instance] for name, column in batch.params.items()}
        stream = lane.stream(**{name: _built(*each, bound) for name, each in params.items()})
        for bar in range(batch.bars):
            if taken[bar, instance]:
                row = {name: column[bar, instance] for name, column in batch.inputs.items()}
                yield bar, instance, list(_flat(result, stream(*(_built(*each, row) for each in inputs))))


def _built(shape: Shape, path: str, values: Mapping[str, Any]) -> Any:
    match shape:
        case Leaf():
            return _number(values[path], shape)
        case TupleShape(items):
            return tuple(_built(item, f"{path}.{i}" if path else str(i), values) for i, item in enumerate(items))
        case RecordShape(cls, fields):
            return cls(**{name: _built(of, f"{path}.{name}" if path else name, values) for name, of in fields})


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
