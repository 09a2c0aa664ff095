"""What a name of a lane's body can stand for while the lane is traced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any, TypeAlias

from dag.diagnostics.span import Arms, Span
from dag.language.vector import Vector
from dag.values.types import Type


@dataclass(frozen=True, slots=True)
class Number:
    """One node of the graph. `origin` is where its unit was declared or, if `declared` is false, where it was computed.

    Of a float that was chosen among floats and integers, `whole` are those integers, as nodes that are floats: where one of
    them was taken, Python still has an integer.
    """

    node: int
    origin: Span | None = None
    declared: bool = False
    whole: frozenset[int] = frozenset()


@dataclass(eq=False, slots=True)
class Static:
    """A value that Python knows while tracing: a literal, a loop index, an enum member, a module, a lane.

    A static number is a node only where it meets one; it then takes the unit it meets. `nodes` are those it became, and
    `name` is the module-level name it was read from.
    """

    value: object
    name: str = ""
    nodes: list[int] = field(default_factory=list[int])


@dataclass(frozen=True, slots=True)
class Method:
    """A function of a class with the value it is called on: `quote.mid` of `quote.mid()`. It is held by a `Static`."""

    function: FunctionType
    owner: Value


@dataclass(eq=False, slots=True)
class Choice:
    """A literal chosen at run time: still without a unit, like the literals it is chosen from."""

    condition: int
    chosen: Static | Choice
    otherwise: Static | Choice
    #: Where the two were written, if an `if` chooses.
    arms: Arms | None = None
    nodes: list[int] = field(default_factory=list[int])


@dataclass(eq=False, slots=True)
class Unsettled:
    """A state whose initial value is a literal, until it meets a unit. `settled` is then the node that reads it."""

    state: str
    type: Type
    initial: float | int
    span: Span
    settled: Number | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A tuple."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """An instance of a frozen dataclass."""

    cls: type
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Filled:
    """`array(length, fill)`: what a carried array begins as; `fill` is a constant node, of an open unit where a literal said it."""

    length: int
    fill: int
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """The nodes of one `put`: where, what, and whether at all; and where it is written."""

    index: int
    value: int
    enable: int
    span: Span


@dataclass(frozen=True, slots=True)
class Array:
    """A carried array: the node that reads it before the bar, where it is declared, and what was put into it since, in order."""

    state: int
    length: int
    span: Span
    writes: tuple[Write, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """Values side by side, oldest first: what one of them is, as a value of nodes that are arrays of `length`; the place of the
    oldest and how many there are, as nodes. `kept` is the code of the value that is kept, where they are as they were kept; `only`
    the bools that a generator's `if` comes to, an array too."""

    item: Value
    first: int
    count: int
    length: int
    span: Span
    kept: str = ""
    only: int | None = None


@dataclass(frozen=True, slots=True)
class Along:
    """A value along an axis: its class, and what one of its places is, as a value of nodes that are arrays along the axis, or of
    single ones where all places are equal. `lazily` is set for what only goes over the places: a generator, `zip`, `enumerate`;
    `kept` is the bool that a generator's `if` comes to."""

    cls: type[Vector[Any]]
    item: Value
    span: Span
    lazily: bool = False
    kept: int | None = None


@dataclass(frozen=True, slots=True)
class Poison:
    """What a reported mistake evaluates to; whatever it meets is silent about it."""


@dataclass(eq=False, slots=True)
class Merged:
    """A name after an `if`: one of two values, or unbound (None). Nothing is built until the name is read."""

    condition: int
    chosen: Value | None
    otherwise: Value | None
    span: Span
    #: Where the two were assigned.
    arms: Arms
    forced: Value | None = None


Literal: TypeAlias = Static | Choice
Value: TypeAlias = (
    Number | Static | Choice | Unsettled | Group | Record | Filled | Array | Window | Along | Poison | Merged
)

POISON = Poison()


def nodes_of(value: Value, suffix: str = "") -> Iterator[tuple[str, int]]:
    """The nodes that a value consists of, with the suffix each has after the value's name."""
    match value:
        case Number(node) | Unsettled(settled=Number(node)):
            yield suffix, node
        case Static() | Choice() if value.nodes:
            yield suffix, value.nodes[0]
        case Group(items):
            for index, item in enumerate(items):
                yield from nodes_of(item, f"{suffix}.{index}")
        case Record(_, fields):
            for name, part in fields.items():
                yield from nodes_of(part, f"{suffix}.{name}")
        case Along(_, item):
            yield from nodes_of(item, suffix)
        case _:
            return


def parts_of(value: Value, suffix: str = "") -> list[tuple[str, Value]]:
    """The single values that a value consists of, with the suffix each has after the value's name."""
    match value:
        case Group(items):
            return [part for i, item in enumerate(items) for part in parts_of(item, f"{suffix}.{i}")]
        case Record(_, fields):
            return [part for name, field in fields.items() for part in parts_of(field, f"{suffix}.{name}")]
        case Along(_, item):
            return parts_of(item, suffix)
        case _:
            return [(suffix, value)]
