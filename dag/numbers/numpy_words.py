"""Functions of numpy on single numbers, as a lane computes them: numpy's own results, the same on every machine.

Two things numpy leaves to the machine and to the number of elements: which of two zeros a choice gives, and the sign of NaN. What is said
here is what numpy does with single floats on x86; a NaN has no sign. Beside a float an integer is a float.
"""

from __future__ import annotations

from collections.abc import Callable
from math import nan
from typing import Any

import numpy as np

from dag.values.binary32 import FLOAT32, in_one_type, is_narrow


def maximum(x1: Any, x2: Any) -> Any:
    """`np.maximum`: NaN where one of the two is; of equal zeros the second."""
    x1, x2 = _alike(x1, x2)
    return x1 if x1 > x2 or x1 != x1 else x2


def minimum(x1: Any, x2: Any) -> Any:
    """`np.minimum`: NaN where one of the two is; of equal zeros the second."""
    x1, x2 = _alike(x1, x2)
    return x1 if x1 < x2 or x1 != x1 else x2


def clip(a: Any, a_min: Any, a_max: Any) -> Any:
    """`np.clip`: at least a_min, then at most a_max; NaN where one of them is; a zero keeps its sign beside a bound of zero."""
    a, a_min, a_max = _alike(a, a_min, a_max)
    raised = a if a >= a_min or a != a else a_min
    return raised if raised <= a_max or raised != raised else a_max


def where(condition: Any, x: Any, y: Any) -> Any:
    """`np.where` of one condition: both values are computed, one is chosen."""
    numbers = all(isinstance(each, (int, float, FLOAT32)) and not isinstance(each, bool) for each in (x, y))
    x, y = _alike(x, y) if numbers else (x, y)
    return x if condition else y


def sign(x: Any) -> Any:
    """`np.sign`: 1, -1, 0 of either zero, NaN of NaN; without a unit."""
    one, zero = (type(x)(1), type(x)(0)) if is_narrow(x) or isinstance(x, int) else (1.0, 0.0)
    return one if x > zero else -one if x < zero else zero if x == zero else type(zero)(nan)


def square(x: Any) -> Any:
    """`np.square`: one product."""
    return x * x


def _alike(*items: Any) -> tuple[Any, ...]:
    """Numbers in one type, as numpy computes with them."""
    if any(map(is_narrow, items)):
        return tuple(in_one_type(items))
    return tuple(map(float, items)) if any(isinstance(each, float) for each in items) else items


#: The function of numpy -> what runs in its place.
NUMPY_WORDS: dict[object, Callable[..., Any]] = {
    np.maximum: maximum,
    np.minimum: minimum,
    np.clip: clip,
    np.where: where,
    np.sign: sign,
    np.square: square,
}
