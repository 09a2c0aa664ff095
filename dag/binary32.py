"""binary32 and 32-bit integers on numbers: numpy's scalars, which round and wrap at every operation."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from dag.types import Kind, Type, Value

# What a lane's author writes in an annotation, or calls to convert. For type checkers they are float and int, so that literals
# fit; that widths are not mixed is dagc's to say.
if TYPE_CHECKING:
    float32: TypeAlias = float
    int32: TypeAlias = int
else:
    float32 = np.float32
    int32 = np.int32
#: The classes of the numbers themselves.
FLOAT32: type[Any] = np.float32
INT32: type[Any] = np.int32


def as_number(value: Value, type_: Type) -> Any:
    """A value as a lane computes with it when it runs on numbers."""
    if type_.kind is Kind.F32:
        return np.float32(value)
    return np.int32(value) if type_.kind is Kind.I32 else value


def in_declared_types(declared: FunctionType, function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` with the arguments and the result that `declared` annotates as `float32` or `int32` made so.

    A literal given for a float32 is rounded there, as it is in the graph. Where nothing is annotated so, `function` itself.
    numpy's remarks on overflow are off inside: wrapping and infinities are what these types are defined to do.
    """
    narrow = {
        name: cls
        for name, held in inspect.get_annotations(declared).items()
        if (cls := _narrow(declared, held)) is not None
    }
    if not narrow:
        return function
    signature = inspect.signature(declared)
    result_of = narrow.pop("return", None)

    @functools.wraps(declared)
    def run(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        with np.errstate(all="ignore"):
            for name, cls in narrow.items():
                if name in bound.arguments:
                    bound.arguments[name] = cls(bound.arguments[name])
            result = function(*bound.args, **bound.kwargs)
            return result if result_of is None else result_of(result)

    return run


def _narrow(function: FunctionType, annotation: Any) -> Callable[[Any], Any] | None:
    if isinstance(annotation, str):
        try:
            annotation = eval(annotation, function.__globals__)
        except Exception:
            return None  # the tracer reports it, at its line
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    return annotation if annotation in (FLOAT32, INT32) else None
