"""What stands in `Annotated[...]`, and what an annotation means: a shape of typed, unit-carrying leaves."""

from __future__ import annotations

import collections.abc
import dataclasses
import difflib
import functools
import inspect
import re
import typing
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum, Flag
from types import EllipsisType, FunctionType
from typing import Annotated, Any, TypeAlias

from dag.language.marks import MARKS, Mark
from dag.language.vector import Vector, is_axis
from dag.operators.units import DIMENSIONLESS, PLAIN_RATIOS, UNITS, UnitProblem, canonical_unit
from dag.values.binary32 import FLOAT32, INT32
from dag.values.domain import Domain, interval
from dag.values.types import BOOL, F32, F64, I32, I64, Axis, Kind, Type, Value, along, enum_type
from dag.values.words import round_f32

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


def shape_of(annotation: Any, names: Mapping[str, Any] | None = None) -> Shape:
    """What an annotation means. `names` resolves annotations that are strings. Raises AnnotationProblem."""
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        try:
            annotation = eval(annotation, dict(names or {}))
        except (Exception, SystemExit) as problem:
            raise AnnotationProblem(
                "E011", "an annotation that can be evaluated", f"`{annotation}`: {problem}", "import or define the name"
            ) from problem
    if typing.get_origin(annotation) is typing.Final:
        return shape_of(typing.get_args(annotation)[0], names)
    extras: tuple[object, ...] = ()
    if typing.get_origin(annotation) is Annotated:
        annotation, *rest = typing.get_args(annotation)
        extras = tuple(rest)
    if isinstance(annotation, typing.NewType):
        inner = annotation.__supertype__
        return shape_of(Annotated[inner, *extras] if extras else inner, names)
    marks = tuple(extra for extra in extras if isinstance(extra, MARKS))
    if typing.get_origin(annotation) is tuple:
        return _marked(_tuple_shape(annotation, names), marks)
    if is_axis(annotation) or is_axis(typing.get_origin(annotation)) or annotation is Vector:
        return _marked(_vector_shape(annotation, names), marks)
    if isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
        return _marked(record_shape(annotation), marks)
    return _marked(_leaf(annotation, extras), marks)


def _vector_shape(annotation: Any, names: Mapping[str, Any] | None) -> VectorShape:
    cls, given = typing.get_origin(annotation), typing.get_args(annotation)
    if cls is None or len(given) != 1:
        name = getattr(annotation, "__name__", str(annotation))
        raise AnnotationProblem(
            "E011", "what each place holds", f"`{name}`",
            "write a class of your own, class Assets(Vector[T], length=48), and Assets[float]" if annotation is Vector
            else f"write {name}[float], or another type in the brackets",
        )  # fmt: skip
    item = shape_of(given[0], names)
    if isinstance(item, VectorShape):
        raise AnnotationProblem(
            "E011", "one axis", f"`{cls.__name__}[{item.cls.__name__}[...]]`, which has two",
            f"take each place of {item.cls.__name__} as a value of its own along {cls.__name__}: an axis inside an axis is not there yet",
        )  # fmt: skip
    if isinstance(item, RecordShape) and item.tunable:
        raise AnnotationProblem(
            "E011", "a value at each place", f"`{item.cls.__name__}`, a @params class", "take its parameters once, beside it"
        )  # fmt: skip
    for path, leaf in leaves(item):
        if isinstance(leaf.type.axis, Axis):
            raise AnnotationProblem(
                "E011", "one axis", f"field `{path}` along {leaf.type.axis}, inside {cls.__name__}",
                "an axis inside an axis is not there yet: take it as an argument of its own",
            )  # fmt: skip
    return VectorShape(cls, item)


def _marked(shape: Shape, marks: tuple[Mark, ...]) -> Shape:
    """`shape` with marks on each of its values."""
    if not marks:
        return shape
    match shape:
        case Leaf():
            return dataclasses.replace(shape, marks=(*shape.marks, *marks))
        case TupleShape(items):
            return TupleShape(tuple(_marked(item, marks) for item in items))
        case RecordShape(cls, fields, tunable):
            return RecordShape(cls, tuple((name, _marked(field, marks)) for name, field in fields), tunable)
        case VectorShape(cls, item):
            inner = _marked(item, marks)
            assert not isinstance(inner, VectorShape)
            return VectorShape(cls, inner)


def _tuple_shape(annotation: Any, names: Mapping[str, Any] | None) -> Shape:
    items = typing.get_args(annotation)
    if not items or Ellipsis in items:
        raise AnnotationProblem(
            "E011", "a tuple of known length", f"`{annotation}`", "write one entry per item: tuple[float, float]"
        )
    return TupleShape(tuple(shape_of(item, names) for item in items))


#: The dataclasses whose fields are being read, outermost first.
_within: ContextVar[tuple[type, ...]] = ContextVar("dagc_within_records", default=())


def record_shape(cls: type) -> RecordShape:
    """The shape of a frozen dataclass. Raises AnnotationProblem for a mutable one."""
    if not cls.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        tunable = all(f.default is not dataclasses.MISSING for f in dataclasses.fields(cls))
        way = "write @params (from dagc) for what is tuned, @dataclass(frozen=True) for what comes with every row"
        raise AnnotationProblem(
            "E011",
            "a frozen dataclass",
            f"`{cls.__name__}`, which can be mutated" + (" and whose fields all have defaults" if tunable else ""),
            way if tunable else "write @dataclass(frozen=True)",
        )
    _refuse_own_construction(cls)
    within = _within.get()
    if cls in within:
        around = " -> ".join(each.__name__ for each in (*within[within.index(cls) :], cls))
        raise AnnotationProblem(
            "E011", "a dataclass that does not contain itself", f"`{around}`", "name its fields one by one"
        )
    token = _within.set((*within, cls))
    try:
        fields = tuple((f.name, field_shape(cls, f.name)) for f in dataclasses.fields(cls))
    finally:
        _within.reset(token)
    return RecordShape(cls, fields, is_params(cls))


def _refuse_own_construction(cls: type) -> None:
    """Raise AnnotationProblem where the fields of a record are not simply what it is constructed with."""
    if is_params(cls):  # whose instances Python makes, before a lane runs
        return
    if hasattr(cls, "__post_init__"):
        raise AnnotationProblem(
            "E011", "a dataclass whose fields are what it is given", f"`{cls.__name__}`, which has a `__post_init__`",
            "say with domain(...) what a field may be, and compute in a function, a method or a property",
        )  # fmt: skip
    for field in dataclasses.fields(cls):
        if not field.init and field.default is field.default_factory:  # both missing
            problem = AnnotationProblem(
                "E011", "a field that has a value", f"`{field.name}` of `{cls.__name__}`, which nothing gives one",
                "leave `init=False` out, give it a default, or make it a property",
            )  # fmt: skip
            problem.field = (cls, field.name)
            raise problem


def field_shape(cls: type, name: str) -> Shape:
    """The shape of one field of a dataclass."""
    return _field_shape(cls, name)


@functools.lru_cache(maxsize=1024)  # parameters are checked field by field wherever a lane on numbers makes some
def _field_shape(cls: Any, name: str) -> Shape:
    annotation = next(f.type for f in dataclasses.fields(cls) if f.name == name)
    try:
        return shape_of(annotation, _class_names(cls, name))
    except AnnotationProblem as problem:
        problem.field = problem.field or (cls, name)
        raise


def declaring_class(cls: type, field: str) -> type:
    """The class of `cls`'s bases, itself included, in whose body the field is annotated."""
    return next((base for base in cls.__mro__ if field in inspect.get_annotations(base)), cls)


def module_of(cls: type) -> dict[str, Any]:
    """The names of the module that declares a dataclass. Its own `__init__` knows them: a module that a file was imported
    from need not stay in `sys.modules`."""
    initialiser: FunctionType = vars(cls)["__init__"]
    return initialiser.__globals__


def _class_names(cls: type, field: str) -> Mapping[str, Any]:
    owner = declaring_class(cls, field)
    return {**module_of(owner), **owner.__dict__.get("__dag_names__", {})}


def _leaf(annotation: Any, extras: tuple[object, ...]) -> Leaf:
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
