"""Reading annotations: the shape that one declares, of a number, a tuple, a record or a vector."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import typing
from collections.abc import Mapping
from contextvars import ContextVar
from types import FunctionType
from typing import Annotated, Any

from dag.language.leaves import is_params, leaf_of
from dag.language.marks import MARKS, Mark
from dag.language.shapes import AnnotationProblem, Leaf, RecordShape, Shape, TupleShape, VectorShape, leaves
from dag.language.vector import Vector, is_axis
from dag.values.types import Axis


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
    return _marked(leaf_of(annotation, extras), marks)


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
