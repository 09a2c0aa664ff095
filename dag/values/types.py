"""The value types of a node: what a 64-bit word means."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, unique


@unique
class Kind(Enum):
    """The kinds of value a lane can compute with. f32 and i32 are computed with as such, never widened silently."""

    F64 = "f64"
    F32 = "f32"
    I64 = "i64"
    I32 = "i32"
    BOOL = "bool"
    ENUM = "enum"


@dataclass(frozen=True, slots=True)
class Members:
    """A user's `Enum`, as the graph sees it: its name and its members' integer codes."""

    name: str
    codes: tuple[tuple[str, int], ...]

    def name_of(self, code: int) -> str | None:
        """The member's name for `code`, or None where no member has it."""
        return next((name for name, value in self.codes if value == code), None)


@dataclass(frozen=True, slots=True)
class Axis:
    """A named direction of a value: its class, and what its places are called. Two axes are one where their names are."""

    name: str
    labels: tuple[str, ...] = field(compare=False)

    def __str__(self) -> str:
        return f"{self.name} ({len(self.labels)})"


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a node. `members` is set for enums and for nothing else, `length` for arrays: `kind` is then their elements'.

    `axis` is set where the elements are the places of a named axis: such an array is a port, a state, a result or a tap like any
    single value. One without a name is the memory of a lane, read and written place by place, or folded.
    """

    kind: Kind
    members: Members | None = None
    length: int | None = None
    axis: Axis | None = None

    def __str__(self) -> str:
        name = f"enum {self.members.name}" if self.members else self.kind.value
        if self.axis is not None:
            return f"{name} along {self.axis}"
        return name if self.length is None else f"{name}[{self.length}]"

    @property
    def is_array(self) -> bool:
        """Whether this is an array of a fixed length."""
        return self.length is not None

    @property
    def element(self) -> Type:
        """The type of an array's elements; a single value is its own."""
        return self if self.length is None else replace(self, length=None, axis=None)

    @property
    def is_memory(self) -> bool:
        """Whether this is an array along no axis, which only the lane that carries it sees."""
        return self.length is not None and self.axis is None

    @property
    def size(self) -> int:
        """How many words a value has."""
        return 1 if self.length is None else self.length

    @property
    def is_float(self) -> bool:
        """Whether this is one of the two binary floating-point formats."""
        return self.kind in (Kind.F64, Kind.F32)


F64 = Type(Kind.F64)
F32 = Type(Kind.F32)
I64 = Type(Kind.I64)
I32 = Type(Kind.I32)
BOOL = Type(Kind.BOOL)


def enum_type(name: str, codes: dict[str, int]) -> Type:
    """The type of an enum called `name`; members are kept in order of their codes."""
    ordered = tuple(sorted(codes.items(), key=lambda item: item[1]))
    return Type(Kind.ENUM, Members(name, ordered))


def array_type(element: Type, length: int, axis: Axis | None = None) -> Type:
    """An array of `length` elements of one type, along an axis if need be."""
    return replace(element, length=length, axis=axis)


def along(axis: Axis, element: Type) -> Type:
    """An array with an element for each place of `axis`."""
    return array_type(element, len(axis.labels), axis)


#: A value as Python holds it: f64 and f32 -> float (an f32 is a float that binary32 holds), integers and enums -> int, bool -> bool.
Value = float | int | bool
