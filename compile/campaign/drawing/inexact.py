"""Which way a result was rounded: the sign of what rounding added, and whether the exact result lay halfway.

Error-free transforms say so without wider arithmetic (T. J. Dekker, "A floating-point technique for extending the available
precision", 1971; D. E. Knuth, TAOCP 2, 4.2.2). Products, quotients and roots are worked out on mantissas in [0.5, 1), where
nothing overflows or underflows; where the true result is on the coarser grid of the subnormals, or of binary32, rounding
twice keeps the side: what lies above the first rounding lies above the exact value. A fused multiply-add is judged with
exact fractions, on EXACT_ROWS of the rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dag.operators import table as ops
from dag.operators.op import Op
from dag.values.words import Column, widened

#: Sides: the result is below the exact value, equal to it, above it; or it is not known (not finite, not examined).
DOWN, EXACT, UP, UNKNOWN = -1, 0, 1, 2
EXACT_ROWS = 128
Floats = NDArray[np.float64]
Sides = tuple[NDArray[np.int8], NDArray[np.bool_]]
_F64 = np.dtype(np.float64)
_LEAST = {False: 2.0**-1022, True: 2.0**-126}


def sides(op: Op, args: tuple[Column, ...], result: Column) -> Sides:
    """For each row the side on which the result lies, and whether the exact value was a tie. `op` is one of ROUNDING."""
    with np.errstate(all="ignore"):
        return ROUNDING[op](args, result)


def _sum(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    s = a + b
    part = s - a
    return s, (a - (s - part)) + (b - part)


def _product(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    p = a * b
    (high_a, low_a), (high_b, low_b) = _split(a), _split(b)
    return p, ((high_a * high_b - p) + high_a * low_b + low_a * high_b) + low_a * low_b


def _split(a: Floats) -> tuple[Floats, Floats]:
    scaled = 134217729.0 * a  # 2^27 + 1
    high = scaled - (scaled - a)
    return high, a - high


def _judged(result: Column, nearest: Floats, error: Floats, scale: NDArray[Any] | int, halfway: bool = True) -> Sides:
    """`nearest` + `error` is the exact value times 2^-scale, `nearest` its rounding to 53 bits; `error` may be its sign only."""
    single = result.dtype == np.float32
    scaled = np.ldexp(widened(result, _F64), -np.asarray(scale))
    moved = scaled - nearest
    side = np.where(moved != 0.0, np.sign(moved), -np.sign(error))
    side = np.where(np.isfinite(result), side, UNKNOWN).astype(np.int8)
    if not halfway:
        return side, np.zeros(result.shape, np.bool_)
    toward = np.where(side > 0, -np.inf, np.inf)
    neighbour = np.nextafter(result, toward.astype(result.dtype))
    gap = np.abs(np.ldexp(widened(neighbour, _F64), -np.asarray(scale)) - scaled)
    fine = 2.0 * np.abs(error) == np.abs(np.nextafter(nearest, np.where(error > 0, np.inf, -np.inf)) - nearest)
    # On the coarser grids; on that of binary64; the least normal number has one of either side.
    coarsely, finely = (error == 0.0) & (2.0 * np.abs(moved) == gap), fine & (moved == 0.0) & (error != 0.0)
    magnitude = np.abs(result)
    tie = ((single | (magnitude <= _LEAST[single])) & coarsely) | (
        (not single) & (magnitude >= _LEAST[single]) & finely
    )
    return side, tie & ((side == UP) | (side == DOWN))


def _wide(args: tuple[Column, ...]) -> list[Floats]:
    return [widened(arg, _F64) for arg in args]


def _add(args: tuple[Column, ...], result: Column) -> Sides:
    return _judged(result, *_sum(*_wide(args)), 0)


def _sub(args: tuple[Column, ...], result: Column) -> Sides:
    a, b = _wide(args)
    return _judged(result, *_sum(a, -b), 0)


def _mul(args: tuple[Column, ...], result: Column) -> Sides:
    (a, a_scale), (b, b_scale) = (np.frexp(arg) for arg in _wide(args))
    return _judged(result, *_product(a, b), a_scale + b_scale)


def _div(args: tuple[Column, ...], result: Column) -> Sides:
    (a, a_scale), (b, b_scale) = (np.frexp(arg) for arg in _wide(args))
    quotient = a / b
    product, low = _product(quotient, b)
    return _judged(result, quotient, ((a - product) - low) * np.sign(b), a_scale - b_scale, halfway=False)


def _sqrt(args: tuple[Column, ...], result: Column) -> Sides:
    x, scale = np.frexp(_wide(args)[0])
    odd = scale % 2
    x, scale = np.ldexp(x, odd), scale - odd
    root = np.sqrt(x)
    product, low = _product(root, root)
    return _judged(result, root, (x - product) - low, scale // 2, halfway=False)


def _narrowed(args: tuple[Column, ...], result: Column) -> Sides:
    x = _wide(args)[0]
    return _judged(result, x, np.zeros_like(x), 0)


def _integer(args: tuple[Column, ...], result: Column) -> Sides:
    n = args[0]
    high, low = (n >> 32).astype(np.float64) * 2.0**32, (n & 0xFFFF_FFFF).astype(np.float64)
    return _judged(result, *_sum(high, low), 0)


def _fused(args: tuple[Column, ...], result: Column) -> Sides:
    side, tie = np.full(result.shape, UNKNOWN, np.int8), np.zeros(result.shape, np.bool_)
    flat_side, flat_tie, columns = side.reshape(-1), tie.reshape(-1), [arg.reshape(-1) for arg in (*args, result)]
    for row in range(0, result.size, max(1, result.size // EXACT_ROWS)):
        a, b, c, got = (float(column[row]) for column in columns)
        if not all(map(math.isfinite, (a, b, c, got))):
            continue
        over = Fraction(got) - (Fraction(a) * Fraction(b) + Fraction(c))
        flat_side[row] = (over > 0) - (over < 0)
        if over:
            away = np.nextafter(columns[3][row], result.dtype.type(-math.inf if over > 0 else math.inf))
            flat_tie[row] = bool(np.isfinite(away)) and 2 * abs(over) == abs(Fraction(got) - Fraction(float(away)))
    return side, tie


#: Every op that rounds, and how its side is found.
ROUNDING: dict[Op, Callable[[tuple[Column, ...], Column], Sides]] = {
    ops.ADD: _add, ops.SUB: _sub, ops.MUL: _mul, ops.DIV: _div, ops.SQRT: _sqrt, ops.FMA: _fused,
    ops.ADD_F32: _add, ops.SUB_F32: _sub, ops.MUL_F32: _mul, ops.DIV_F32: _div, ops.SQRT_F32: _sqrt, ops.FMA_F32: _fused,
    ops.I64_TO_F64: _integer, ops.I64_TO_F32: _integer, ops.F64_TO_F32: _narrowed,
}  # fmt: skip
