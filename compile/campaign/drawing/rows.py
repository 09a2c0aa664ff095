"""Columns for random graphs: special values where asked for, elsewhere numbers that meet the graph's constants and ties."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from compile.campaign.drawing.pen import TAME_EXPONENT
from compile.campaign.drawing.special_values import special_column
from dag.values.types import Type
from dag.values.words import Column


def random_column(
    rng: np.random.Generator,
    type_: Type,
    shape: tuple[int, ...],
    is_wild: NDArray[np.bool_],
    near: NDArray[np.float64],
) -> Column:
    """Values of one port; the last axis of `shape` is the instances, `is_wild` says which of them get special values.

    Tame floats are of modest magnitude and never subnormal; many are zeros, halves, decimal ties, neighbours of powers of
    two or of `near`, the graph's constants.
    """
    special = special_column(rng, type_, shape)
    if not type_.is_float:
        return special
    tame = _tame(rng, shape, near).astype(special.dtype)
    return np.where(is_wild, special, tame)


def _tame(rng: np.random.Generator, shape: tuple[int, ...], near: NDArray[np.float64]) -> NDArray[np.float64]:
    sign = np.where(rng.random(shape) < 0.5, -1.0, 1.0)
    exponents = rng.integers(-TAME_EXPONENT // 2, TAME_EXPONENT // 2, shape)
    ordinary = np.ldexp(1.0 + rng.random(shape), exponents)
    unit = 1.0 + rng.random(shape)
    halves = rng.integers(0, 80, shape) / 2.0
    ties = (rng.integers(0, 2000, shape) + 0.5) / np.array([1.0, 10.0, 100.0, 1000.0, 10000.0])[
        rng.integers(5, size=shape)
    ]
    powers = np.ldexp(1.0, exponents)
    usable = near[(np.abs(near) >= 2.0**-TAME_EXPONENT) & (np.abs(near) <= 2.0**TAME_EXPONENT)]
    beside = np.abs(rng.choice(usable, shape)) if usable.size else unit
    kind = rng.random(shape)
    drawn = np.select(
        [kind < 0.2, kind < 0.4, kind < 0.6, kind < 0.7, kind < 0.8, kind < 0.9],
        [ordinary, unit, halves, ties, powers, beside],
        0.0,
    )
    moved = np.nextafter(drawn, np.where(rng.random(shape) < 0.5, 0.0, 2.0 * drawn))
    drawn = np.where((rng.random(shape) < 0.2) & (kind >= 0.6) & (kind < 0.9), moved, drawn)
    odd = rng.random(shape)
    signed: NDArray[np.float64] = sign * np.select([odd < 0.004, odd < 0.008], [np.nan, np.inf], drawn)
    return signed
