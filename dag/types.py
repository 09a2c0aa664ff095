"""The value types of a node: what a 64-bit word means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, unique


@unique
class Kind(Enum):
    """The four kinds of value a lane can compute with."""

    F64 = "f64"
    I64 = "i64"
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
class Type:
    """The type of a node. `members` is set for enums and for nothing else."""

    kind: Kind
    members: Members | None = None

    def __str__(self) -> str:
        return f"enum {self.members.name}" if self.members else self.kind.value

    @property
    def is_integer_word(self) -> bool:
        """Whether a column of this type is stored as int64 (i64 and enum codes)."""
        return self.kind in (Kind.I64, Kind.ENUM)


F64 = Type(Kind.F64)
I64 = Type(Kind.I64)
BOOL = Type(Kind.BOOL)


def enum_type(name: str, codes: dict[str, int]) -> Type:
    """The type of an enum called `name`; members are kept in order of their codes."""
    ordered = tuple(sorted(codes.items(), key=lambda item: item[1]))
    return Type(Kind.ENUM, Members(name, ordered))


#: A value as Python holds it: f64 -> float, i64 and enum -> int, bool -> bool.
Value = float | int | bool
