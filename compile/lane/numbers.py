"""Python's own values as values of the graph's types, or why they are none."""

from __future__ import annotations

from enum import Enum
from typing import Any

import numpy as np

from dag.language.leaves import code_of
from dag.language.shapes import Leaf
from dag.values.types import Kind, Type, Value

_ENDS = {Kind.I64: 1 << 63, Kind.I32: 1 << 31}


class NoValue(Exception):
    """A number, as Python has it, that no value of the type is."""


def value_as(number: Any, type_: Type) -> Value:
    """`number` as the graph holds it; a float is rounded where a float32 is declared. Raises NoValue."""
    match type_.kind:
        case Kind.BOOL:
            if isinstance(number, bool | np.bool_):
                return bool(number)
        case Kind.ENUM:
            if isinstance(number, Enum):
                return code_of(number)
        case Kind.F64 | Kind.F32:
            if isinstance(number, float | int | np.floating | np.integer):
                return float(number)
        case Kind.I64 | Kind.I32:
            half = _ENDS[type_.kind]
            if isinstance(number, int | np.integer) and -half <= int(number) < half:
                return int(number)
    raise NoValue(f"{number!r}, which is not a value of type {type_}")


def each_as(value: Any, type_: Type) -> Any:
    """The same of a value along an axis, place by place. Raises NoValue."""
    return tuple(value_as(each, type_.element) for each in value) if type_.is_array else value_as(value, type_)


def is_inside(leaf: Leaf, value: Any) -> bool:
    """Whether a port's value, along an axis each of its places, is inside the declared domain."""
    return all(map(leaf.domain.contains, value)) if leaf.type.is_array else leaf.domain.contains(value)
