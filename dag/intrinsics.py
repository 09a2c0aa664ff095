"""Functions that a lane may call and that Python has no word for. Here they work on numbers; traced, each is one node."""

from __future__ import annotations

from typing import TypeVar

from dag.meanings import ceil, floor, ieee_div, ieee_sqrt, rint, trunc
from dag.words import bits_float, float_bits

N = TypeVar("N", int, float)

sqrt = ieee_sqrt


def as_unit(x: N, unit: str) -> N:
    """`x` itself, from now on counted in `unit`: a change of meaning, said out loud. No bit changes."""
    del unit
    return x


__all__ = ["as_unit", "bits_float", "ceil", "float_bits", "floor", "ieee_div", "rint", "sqrt", "trunc"]
