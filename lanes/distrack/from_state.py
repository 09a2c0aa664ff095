"""From the states of instances, as a run or a snapshot gives them, back to the record that a lane carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from dag.language.annotations import shape_of
from dag.language.shapes import Leaf, RecordShape, Shape, TupleShape

R = TypeVar("R")


def from_state(record: type[R], state: Mapping[str, Any], path: str, instance: int = 0) -> R:
    """The `record` that is carried under `path` by one instance.

    `state` holds a column [instances] for each state, by name (`Result.state`, `dagc.live.state.unpack_state`). Raises KeyError
    where a state is missing: the path is then another, `p2_quantile.markers` for a lane that calls `p2_quantile`.
    """
    shape = shape_of(record, {})
    found: R = _read(shape, state, path, instance)
    return found


def _read(shape: Shape, state: Mapping[str, Any], path: str, instance: int) -> Any:
    match shape:
        case Leaf():
            return state[path][instance].item()
        case TupleShape(items):
            return tuple(_read(item, state, f"{path}.{k}", instance) for k, item in enumerate(items))
        case RecordShape(cls, fields, _):
            return cls(**{name: _read(field, state, f"{path}.{name}", instance) for name, field in fields})
