"""binary32 and 32-bit integers on numbers: numpy's scalars, which round and wrap at every operation.

Everywhere below, a literal is a Python number and a narrow number is one of these two; `in_one_type` is where they meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

from dag.values.types import Kind, Type, Value

N = TypeVar("N", bound=float)

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


def is_narrow(value: object) -> bool:
    """Whether a number is a float32 or an int32."""
    return isinstance(value, (FLOAT32, INT32))


def as_number(value: Value, type_: Type) -> Any:
    """A value as a lane computes with it when it runs on numbers."""
    if type_.kind is Kind.F32:
        return FLOAT32(value)
    return INT32(value) if type_.kind is Kind.I32 else value


def as_literal(value: Any) -> Any:
    """A number as Python holds it: the inverse of `as_number`. numpy's own bools and floats are Python's too."""
    return value.item() if isinstance(value, np.generic) else value


def in_one_type(items: Sequence[N]) -> Sequence[N]:
    """Numbers in the type they are computed in: literals beside a float32 or an int32 become one, an int32 beside a float a float."""
    narrow: Any = next((cls for cls in (FLOAT32, INT32) if any(isinstance(item, cls) for item in items)), None)
    if narrow is INT32 and any(isinstance(item, float) for item in items):
        narrow = float
    return items if narrow is None else [narrow(item) for item in items]
