"""What an annotation declares: units, domains, and the shapes of numbers, tuples, records and vectors."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from types import EllipsisType
from typing import Any, TypeAlias

from dag.language.marks import Mark
from dag.language.vector import Vector
from dag.operators.units import DIMENSIONLESS
from dag.values.domain import Domain
from dag.values.types import Axis, Kind, Type, Value, along

EnumClass: TypeAlias = type[Enum]

#: The unit of a leaf that takes values of any.
ANY_UNIT = "any unit"


@dataclass(frozen=True, slots=True)
class Unit:
    """`unit("px")` in an annotation; `unit(...)` where any unit will do."""

    text: str | EllipsisType


@dataclass(frozen=True, slots=True)
class Ends:
    """`domain(...)` in an annotation, as written; the type decides what it means (`dag.values.domain.interval`)."""

    lo: float | None = None
    hi: float | None = None
    above: float | None = None
    below: float | None = None

    def __str__(self) -> str:
        given = [f"{end.name}={getattr(self, end.name)!r}" for end in dataclasses.fields(self)]
        return f"domain({', '.join(text for text in given if not text.endswith('=None'))})"


@dataclass(frozen=True, slots=True)
class Safe:
    """`safe(value)` in an annotation of a result."""

    value: float | int | bool | Enum


def unit(text: str | EllipsisType) -> Unit:
    """The unit of a value: a name of `dag.operators.units.UNITS`, or products, quotients and powers of them (`"usd / bars"`).

    `unit(...)` takes the unit of whatever value comes: a lane of it works on prices, on returns, on volumes, each call for itself.
    """
    return Unit(text)


def domain(
    lo: float | None = None, hi: float | None = None, *, above: float | None = None, below: float | None = None
) -> Ends:
    """The values an input or parameter may take: from `lo` to `hi` inclusive; `above` and `below` exclude the end."""
    return Ends(lo, hi, above, below)


def safe(value: float | int | bool | Enum) -> Safe:
    """What a result is on a rejected row."""
    return Safe(value)


class AnnotationProblem(Exception):
    """An annotation that says nothing dagc understands, or something impossible. `code` names the diagnostic."""

    def __init__(self, code: str, expected: str, got: str, fix: str) -> None:
        super().__init__(f"expected {expected}, got {got}; {fix}")
        self.code, self.expected, self.got, self.fix = code, expected, got, fix
        #: The dataclass and field whose annotation it is, where it is a field's.
        self.field: tuple[type, str] | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value: its type, canonical unit, domain, value on a rejected row, the Enum class where it is one, and its marks."""

    type: Type
    unit: str
    domain: Domain
    safe: Value
    enum: EnumClass | None = None
    marks: tuple[Mark, ...] = ()

    def __str__(self) -> str:
        return describe(self.type, self.unit)

    def unit_for(self, unit: str | None) -> str:
        """The unit of a value here that comes with `unit`, None where it is open: its own, where any will do."""
        return (unit or DIMENSIONLESS) if self.unit == ANY_UNIT else self.unit


@dataclass(frozen=True, slots=True)
class TupleShape:
    """`tuple[A, B]`."""

    items: tuple[Shape, ...]

    def __str__(self) -> str:
        return f"tuple[{', '.join(map(str, self.items))}]"


@dataclass(frozen=True, slots=True)
class RecordShape:
    """A frozen dataclass of annotated fields; `tunable` for a `@params` class."""

    cls: type
    fields: tuple[tuple[str, Shape], ...]
    tunable: bool

    def __str__(self) -> str:
        return self.cls.__name__


@dataclass(frozen=True, slots=True)
class VectorShape:
    """`Assets[Price]`: a value along an axis, and what each of its places is."""

    cls: type[Vector[Any]]
    item: Leaf | TupleShape | RecordShape

    @property
    def axis(self) -> Axis:
        """The axis of its class."""
        return self.cls.axis

    def __str__(self) -> str:
        return f"{self.item} along {self.axis}"


Shape: TypeAlias = "Leaf | TupleShape | RecordShape | VectorShape"


def leaves(shape: Shape, path: str = "") -> Iterator[tuple[str, Leaf]]:
    """The leaves of `shape` with their dotted paths below `path`, in declared order."""
    match shape:
        case Leaf():
            yield path, shape
        case TupleShape(items):
            for index, item in enumerate(items):
                yield from leaves(item, f"{path}.{index}" if path else str(index))
        case RecordShape(_, fields, _):
            for name, field in fields:
                yield from leaves(field, f"{path}.{name}" if path else name)
        case VectorShape(_, item):
            for inner, leaf in leaves(item, path):
                yield inner, dataclasses.replace(leaf, type=along(shape.axis, leaf.type))


def result_name(lane: str, shape: Shape) -> str:
    """What a lane's result is called: as the lane, a tuple `result`, the fields of a record by their own names."""
    match shape:
        case VectorShape(_, item):
            return result_name(lane, item)
        case Leaf():
            return lane
        case TupleShape():
            return "result"
        case RecordShape():
            return ""


def describe(type_: Type, unit: str) -> str:
    """A type and its unit as messages write them: `f64[px]`, `bool`, `enum Side`, `f64[px] along Assets (48)`."""
    if type_.axis is not None:
        return f"{describe(type_.element, unit)} along {type_.axis}"
    return str(type_) if type_.kind in (Kind.BOOL, Kind.ENUM) else f"{type_}[{unit}]"
