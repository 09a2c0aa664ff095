"""`@params`: the tunable values of a lane, as a frozen dataclass that checks what it is given."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any, TypeVar, dataclass_transform

from dag.language.annotations import field_shape
from dag.language.leaves import checked
from dag.language.shapes import AnnotationProblem, Leaf, RecordShape, TupleShape
from dag.values.binary32 import as_number
from dag.values.floating_point import in_standard_environment

T = TypeVar("T")


class ParamError(ValueError):
    """A parameter got a value of another type, or outside its domain."""


@dataclass_transform(frozen_default=True)
def params(cls: type[T]) -> type[T]:
    """Make `cls` a frozen dataclass of parameters.

    Fields are `float`, `int`, `bool`, `float32`, `int32` or an Enum, bare or `Annotated[..., unit(...), domain(...)]`, or another `@params`
    class. A field without default must be pinned when a kernel is bound. Constructing one checks every value: ParamError.
    """
    # Annotations may name classes of the function in which a class is declared; its module alone would not find them.
    caller = sys._getframe(1)
    names = {} if caller.f_locals is caller.f_globals else dict(caller.f_locals)
    inherited = getattr(cls, "__post_init__", None)

    def __post_init__(self: Any) -> None:  # noqa: N807
        _check_fields(self)
        if inherited is not None:
            inherited(self)

    cls.__post_init__ = __post_init__  # type: ignore[attr-defined]
    cls.__dag_params__ = True  # type: ignore[attr-defined]
    cls.__dag_names__ = names  # type: ignore[attr-defined]
    return dataclasses.dataclass(frozen=True)(cls)


@in_standard_environment
def _check_fields(instance: Any) -> None:
    cls = type(instance)
    for field in dataclasses.fields(instance):
        try:
            shape = field_shape(cls, field.name)
        except AnnotationProblem:
            continue  # the tracer reports it, at its line
        value = getattr(instance, field.name)
        where = f"{cls.__name__}.{field.name}"
        match shape:
            case Leaf():
                held = checked(value, shape.type, shape.enum)
                if held is None:
                    raise ParamError(f"{where} is a {shape}; {value!r} is a {type(value).__name__}")
                if not shape.domain.contains(held):
                    raise ParamError(f"{where} = {value!r} is outside its domain {shape.domain}")
                if shape.enum is None:  # an int given for a float is that float
                    object.__setattr__(instance, field.name, as_number(held, shape.type))
            case RecordShape():
                if not isinstance(value, shape.cls):
                    raise ParamError(f"{where} is a {shape}; {value!r} is a {type(value).__name__}")
            case TupleShape():
                raise ParamError(f"{where} is a tuple; give each item a field of its own")
