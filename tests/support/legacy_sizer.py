"""A sizer as a codebase may have had it for years: plain Python, compiled by numba, powers and exponentials of libm."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import numpy as np

F = TypeVar("F", bound=Callable[..., Any])


class Dispatcher(Generic[F]):
    """What numba makes of a function: it can be called, and keeps the Python as `py_func`."""

    def __init__(self, function: F) -> None:
        self.py_func = function

    def __call__(self, *args: Any) -> Any:
        return self.py_func(*args)


def njit(function: F) -> Dispatcher[F]:
    """As `numba.njit`, without the compiler."""
    return Dispatcher(function)


@njit
def clipped(x, low, high):  # type: ignore[no-untyped-def]
    if x < low:
        return low
    if x > high:
        return high
    return x


@njit
def cubic(vel_div, hi, thr=-0.02, ext=-0.05, lo=0.5):  # type: ignore[no-untyped-def]
    strength = clipped((thr - vel_div) / (thr - ext), 0.0, 1.0)
    return lo + strength**3.0 * (hi - lo)


@njit
def cubic_by_pow(vel_div, hi, thr=-0.02, ext=-0.05, lo=0.5):  # type: ignore[no-untyped-def]
    strength = clipped((thr - vel_div) / (thr - ext), 0.0, 1.0)
    return lo + math.pow(strength, 3.0) * (hi - lo)


@njit
def cubic_by_product(vel_div, hi, thr=-0.02, ext=-0.05, lo=0.5):  # type: ignore[no-untyped-def]
    strength = clipped((thr - vel_div) / (thr - ext), 0.0, 1.0)
    return lo + strength * strength * strength * (hi - lo)


def decay(x, rate=0.5):  # type: ignore[no-untyped-def]
    return np.exp(-rate * abs(x))


def weighted(x: float, n: int = 3, mode: str = "mean") -> float:
    total = 0.0
    for k in range(n):
        total = total + x / (k + 1)
    return total / n if mode == "mean" else total


def unbounded(x, tolerance=1e-9):  # type: ignore[no-untyped-def]
    while x > tolerance:
        x = x / 2
    return x
