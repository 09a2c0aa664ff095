"""What a value of a program is: its type, its unit, and for whole numbers the range that the writer knows it to be in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

#: What a bare `int` may be.
WIDE = 1 << 63
#: Whole numbers beyond this are clamped before they are computed with, so that no result leaves 64 bits.
SMALL = 1 << 20


@dataclass(frozen=True, slots=True)
class Float:
    """binary64 in a unit; "" is none."""

    unit: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """A 64-bit integer from `lo` to `hi`."""

    lo: int = -WIDE
    hi: int = WIDE - 1


@dataclass(frozen=True, slots=True)
class Truth:
    """A bool."""


@dataclass(frozen=True, slots=True)
class Single:
    """binary32."""


@dataclass(frozen=True, slots=True)
class Narrow:
    """A 32-bit integer."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an Enum class of the file."""

    cls: str
    members: tuple[str, ...]
    is_number: bool


@dataclass(frozen=True, slots=True)
class Tuple:
    """A tuple of known length."""

    items: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """An instance of a frozen dataclass, or of a `@params` class."""

    cls: str
    fields: tuple[tuple[str, Kind], ...]
    is_params: bool = False


#: What a window may be folded to.
Folded: TypeAlias = "Float | Single | Narrow"
Scalar: TypeAlias = "Float | Whole | Truth | Single | Narrow | Member"
Kind: TypeAlias = "Scalar | Tuple | Record"


def joined(a: Kind, b: Kind) -> Kind | None:
    """The kind of a variable that may be either; None where Python would let it be two things."""
    match a, b:
        case Whole(), Whole():
            return Whole(min(a.lo, b.lo), max(a.hi, b.hi))
        case Tuple(xs), Tuple(ys) if len(xs) == len(ys):
            parts = [joined(x, y) for x, y in zip(xs, ys, strict=True)]
            known = tuple(part for part in parts if part is not None)
            return Tuple(known) if len(known) == len(parts) else None
        case _:
            return a if a == b else None


def same(a: Kind, b: Kind) -> bool:
    """Whether a value of one may stand where the other is wanted, ranges of whole numbers apart."""
    return joined(a, b) is not None
