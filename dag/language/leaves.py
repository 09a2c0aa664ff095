"""The annotation of one number: its type, unit, domain and safe value."""

from __future__ import annotations

import collections.abc
import difflib
import re
import typing
from enum import Enum, Flag
from types import EllipsisType
from typing import Any

from dag.language.shapes import ANY_UNIT, AnnotationProblem, Ends, Leaf, Safe, Unit
from dag.operators.units import DIMENSIONLESS, PLAIN_RATIOS, UNITS, UnitProblem, canonical_unit
from dag.values.binary32 import FLOAT32, INT32
from dag.values.domain import Domain, interval
from dag.values.types import BOOL, F32, F64, I32, I64, Kind, Type, Value, enum_type
from dag.values.words import round_f32


def is_params(cls: object) -> bool:
    """Whether `cls` was made by `@params`."""
    return isinstance(cls, type) and "__dag_params__" in cls.__dict__


def code_of(member: Enum) -> int:
    """The integer a member is stored as: its own value where all members have integer values, else its position."""
    members = list(type(member))
    return int(member.value) if has_integer_values(type(member)) else members.index(member)


def has_integer_values(cls: type[Enum]) -> bool:
    """Whether the members' codes are their own values."""
    return all(isinstance(member.value, int) and not isinstance(member.value, bool) for member in cls)


def type_of_enum(cls: type[Enum]) -> Type:
    """The node type of an Enum class. Raises AnnotationProblem for flags, empty enums and codes beyond 64 bits."""
    codes = {member.name: code_of(member) for member in cls}
    if issubclass(cls, Flag) or not codes or any(not -(1 << 63) <= code < 1 << 63 for code in codes.values()):
        is_flag, got = issubclass(cls, Flag), f"`{cls.__name__}`"
        fix = (
            "take a bool for each flag, or an int and its bits: n & 4 != 0"
            if is_flag
            else "list the members one by one"
        )
        got += ", a Flag, whose values are more than its members" if is_flag else ""
        raise AnnotationProblem("E011", "an Enum with members whose codes fit 64 bits", got, fix)
    return enum_type(cls.__name__, codes)


def read_unit(text: object) -> str:
    """The canonical form of a unit as a user wrote it. Raises AnnotationProblem E012 with close matches."""
    if not isinstance(text, str):
        raise AnnotationProblem("E012", "the unit as a string", repr(text), 'write unit("px")')
    try:
        return canonical_unit(text)
    except UnitProblem:
        known = [*UNITS, *PLAIN_RATIOS]
        parts = [each for each in re.findall(r"[A-Za-z_]\w*", text) if each not in known]
        unknown = parts[0] if parts else text  # "usd/share" lacks only the unit of a share
        close = difflib.get_close_matches(unknown, known, n=2, cutoff=0.5)
        hint = f"did you mean {' or '.join(map(repr, close))}? " if close else ""
        raise AnnotationProblem(
            "E012",
            f"one of {', '.join(known)}, or a product, quotient or power of them",
            f"unit({text!r})",
            f'{hint}A new unit is declared with define_unit from dagc: define_unit({unknown!r}, "what it measures")',
        ) from None


def leaf_of(annotation: Any, extras: tuple[object, ...]) -> Leaf:
    enum: type[Enum] | None = None
    if annotation is float:
        type_ = F64
    elif annotation is int:
        type_ = I64
    elif annotation is FLOAT32:
        type_ = F32
    elif annotation is INT32:
        type_ = I32
    elif annotation is bool:
        type_ = BOOL
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        enum, type_ = annotation, type_of_enum(annotation)
    else:
        raise AnnotationProblem(
            "E011",
            "float, int, bool, float32, int32, an Enum, a tuple or frozen dataclass of them, or Annotated[one of them, unit(...), domain(...)]",
            f"`{getattr(annotation, '__name__', annotation) if isinstance(annotation, type) and not typing.get_args(annotation) else str(annotation).replace('typing.', '')}`",
            _way_to_declare(annotation),
        )
    text: str | EllipsisType = "1"
    ends, safe_value = Ends(), None
    for extra in extras:
        match extra:
            case Unit():
                text = extra.text
            case Ends():
                ends = extra
            case Safe():
                safe_value = extra
            case _:
                pass  # annotations of other libraries pass through
    return Leaf(type_, _unit_of(type_, text), domain_of(type_, ends), _safe_of(type_, safe_value, enum), enum)


def _way_to_declare(annotation: Any) -> str:
    """What to write for an annotation that says no type of the language."""
    origin, given = typing.get_origin(annotation), typing.get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, tuple) and hasattr(annotation, "_fields"):
        return f"make `{annotation.__name__}` a dataclass: @dataclass(frozen=True), with the same fields"
    if isinstance(annotation, type) and not given and annotation not in (str, list, dict, set, tuple, object, complex):
        return f"make `{annotation.__name__}` a dataclass: @dataclass(frozen=True)"
    if origin is typing.Literal or annotation is str:
        return "make it an Enum, with a member for each value"
    if type(None) in given or annotation is None:
        return "a value is always there: take it with a bool beside it that says whether it counts"
    if origin in (list, collections.abc.Sequence) or annotation in (list, tuple):
        return "write a tuple of known length: tuple[float, float]"
    if annotation is typing.Final:
        return "write Final[float], or no annotation"
    return "annotate with one of these types"


def _unit_of(type_: Type, text: str | EllipsisType) -> str:
    canonical = ANY_UNIT if text is ... else read_unit(text)
    if canonical != DIMENSIONLESS and type_.kind in (Kind.BOOL, Kind.ENUM):
        written = "..." if text is ... else repr(text)
        raise AnnotationProblem("E012", f"no unit on a {type_}", f"unit({written})", "leave the unit out")
    return canonical


def domain_of(type_: Type, ends: Ends) -> Domain:
    """`domain(...)` for this type; raises AnnotationProblem E013 where it is impossible."""
    try:
        return interval(type_, ends.lo, ends.hi, ends.above, ends.below)
    except (ValueError, TypeError, OverflowError) as problem:
        raise AnnotationProblem(
            "E013",
            f"a domain that some {type_} lies in",
            f"{ends}: {problem}",
            _possible(type_, ends),
        ) from None


def _possible(type_: Type, ends: Ends) -> str:
    """What to write for an impossible domain: what is inclusive on the side of an exclusive end belongs to the other side."""
    if type_.kind in (Kind.BOOL, Kind.ENUM):
        return "leave the domain out"
    instead = ends
    if ends.above is not None and ends.lo is not None and ends.hi is None:
        instead = Ends(hi=ends.lo, above=ends.above, below=ends.below)
    elif ends.below is not None and ends.hi is not None and ends.lo is None:
        instead = Ends(lo=ends.hi, above=ends.above, below=ends.below)
    twice = (ends.lo is not None and ends.above is not None) or (ends.hi is not None and ends.below is not None)
    try:
        interval(type_, instead.lo, instead.hi, instead.above, instead.below)
    except (ValueError, TypeError, OverflowError):
        return (
            "give one lower end, lo or above, and one upper end, hi or below"
            if twice
            else "give the lower end first: domain(lo, hi)"
        )
    return f"write {instead}"


def _safe_of(type_: Type, given: Safe | None, enum: type[Enum] | None) -> Value:
    if given is None:
        match type_.kind:
            case Kind.F64 | Kind.F32:
                return 0.0
            case Kind.I64 | Kind.I32:
                return 0
            case Kind.BOOL:
                return False
            case Kind.ENUM:
                assert type_.members is not None
                return type_.members.codes[0][1]
    value = checked(given.value, type_, enum)
    if value is None:
        raise AnnotationProblem(
            "E014", f"a safe value of type {type_}", f"safe({given.value!r})", f"give a value of type {type_}"
        )
    return value


def checked(value: object, type_: Type, enum: type[Enum] | None) -> Value | None:
    """`value` as a node of this type holds it, or None where it has another type. An int is a float too (PEP 484), and a
    float is rounded where a float32 is declared."""
    match type_.kind:
        case Kind.F64:
            return float(value) if isinstance(value, float | int) and not isinstance(value, bool) else None
        case Kind.F32:
            number: Any = value  # of a class that type checkers do not know
            is_number = isinstance(value, (float, int, FLOAT32)) and not isinstance(value, bool)
            return round_f32(float(number)) if is_number else None
        case Kind.I64 | Kind.I32:
            whole: Any = value
            whole = int(whole) if isinstance(value, INT32) else value
            half = 1 << (63 if type_.kind is Kind.I64 else 31)
            fits = isinstance(whole, int) and not isinstance(whole, bool | Enum) and -half <= whole < half
            return whole if fits and isinstance(whole, int) else None
        case Kind.BOOL:
            return value if isinstance(value, bool) else None
        case Kind.ENUM:
            return code_of(value) if isinstance(value, Enum) and type(value) is enum else None
