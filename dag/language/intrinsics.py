"""Functions that a lane may call and that Python has no word for. Here they work on numbers; traced, each is one node.

On a `float32` they give a `float32`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np

from dag.operators import meanings
from dag.operators.lookups import LONGEST_TABLE, TABLE_SIZES
from dag.values import words
from dag.values.binary32 import FLOAT32, INT32, float32, in_one_type, int32

N = TypeVar("N", int, float)
E = TypeVar("E", bound=float)


def _of(meaning: Callable[..., float], *numbers: Any) -> float:
    """A float function on floats, rounded where one of them is a float32; literals beside it are rounded first."""
    if not any(isinstance(x, FLOAT32) for x in numbers):
        return meaning(*numbers)
    return float32(words.round_f32(meaning(*map(float, in_one_type(numbers)))))


def sqrt(x: float) -> float:
    """The correctly rounded square root; NaN below zero, -0.0 for -0.0. The unit's root."""
    return _of(meanings.ieee_sqrt, x)


def rint(x: float) -> float:
    """The nearest integral value, ties to even, the sign of zero kept."""
    return _of(meanings.rint, x)


def floor(x: float) -> float:
    """The integral value below, as a float, the sign of zero kept."""
    return _of(meanings.floor, x)


def ceil(x: float) -> float:
    """The integral value above, as a float, the sign of zero kept."""
    return _of(meanings.ceil, x)


def trunc(x: float) -> float:
    """The integral value toward zero, as a float, the sign of zero kept."""
    return _of(meanings.trunc, x)


def ieee_div(a: float, b: float) -> float:
    """IEEE division: x/0 is a signed infinity and 0/0 is NaN, where Python's `/` raises."""
    return _of(meanings.ieee_div, a, b)


def fma(a: float, b: float, c: float) -> float:
    """a * b + c rounded once. The unit of `c` is that of the product."""
    is_f32 = any(isinstance(x, FLOAT32) for x in (a, b, c))
    return _of(meanings.fused_multiply_add_32 if is_f32 else meanings.fused_multiply_add, a, b, c)


def float_bits(x: float) -> int:
    """The pattern as a signed integer: `int` of a float, `int32` of a float32. A NaN is the canonical one."""
    return int32(words.float_bits_32(float(x))) if isinstance(x, FLOAT32) else words.float_bits(x)


def bits_float(n: int) -> float:
    """The float whose pattern is `n`: a float32 where `n` is an int32."""
    return float32(words.bits_float_32(int(n))) if isinstance(n, INT32) else words.bits_float(n)


def as_unit(x: N, unit: str) -> N:
    """`x` itself, from now on counted in `unit`: an explicit change of unit. No bit changes."""
    del unit
    return x


def wrapping_add(a: int, b: int) -> int:
    """a + b in two's complement: what is left of it in 64 bits, or 32 for int32. Elsewhere a sum that may wrap is an error."""
    return _wrapped(a, b, int(a) + int(b))


def wrapping_sub(a: int, b: int) -> int:
    """a - b in two's complement."""
    return _wrapped(a, b, int(a) - int(b))


def wrapping_mul(a: int, b: int) -> int:
    """a * b in two's complement, for hashes and generators."""
    return _wrapped(a, b, int(a) * int(b))


def wrapping_shl(a: int, n: int) -> int:
    """a << n in two's complement: what leaves its 64 bits (32 for int32) is lost. Of `n`, the low six bits count."""
    return _wrapped(a, n, int(a) << (int(n) & 63))


def _wrapped(a: int, b: int, exact: int) -> int:
    is_i32 = isinstance(a, INT32) or isinstance(b, INT32)
    return int32(words.wrap_i32(exact)) if is_i32 else words.wrap_i64(exact)


def multiply_high(a: int, b: int) -> int:
    """The upper 64 bits of a * b, both taken as unsigned words; `wrapping_mul` gives the lower ones."""
    return meanings.multiply_high(a, b)


def logical_shift_right(a: int, n: int) -> int:
    """The word `a` moved right with zeros coming in, where `a >> n` copies the sign. Of `n`, the low six bits count."""
    return meanings.logical_shift_right(a, n)


def unsigned_less(a: int, b: int) -> bool:
    """a < b, both taken as unsigned words, from 0 to 2^64 - 1."""
    return meanings.unsigned_less(a, b)


def leading_zeros(x: int) -> int:
    """The zero bits above the highest one bit of a word; 64 of 0."""
    return meanings.leading_zeros(x)


def lookup(table: Sequence[int], n: int) -> int:
    """table[n mod len(table)], from a constant tuple of 2, 4, 8, ... integers. Raises ValueError for any other table."""
    if len(table) not in TABLE_SIZES:
        raise ValueError(f"a table has 2, 4, 8, ... {LONGEST_TABLE} words, this one {len(table)}")
    return meanings.looked_up(tuple(table), n)


def fold(items: Sequence[N], add: Callable[[N, N], N], pairwise: bool) -> N:
    """The sum of `items`, at least one: from left to right, or pairwise: the sum of the first half (the longer one) and of the
    second, each summed in the same way."""
    if not pairwise:
        total = items[0]
        for item in items[1:]:
            total = add(total, item)
        return total
    if len(items) == 1:
        return items[0]
    middle = (len(items) + 1) // 2
    return add(fold(items[:middle], add, pairwise), fold(items[middle:], add, pairwise))


def sum_seq(items: Sequence[N] | Iterable[N], start: N | None = None) -> N:
    """The sum from left to right, beginning with `start`, or else with the first item: ((a + b) + c) + d. (`sum` compensates.)"""
    return fold(in_one_type(_begun(items, start)), _plus, pairwise=False)


def sum_pairwise(items: Iterable[N]) -> N:
    """The sum by halves: (a + b) + (c + d), ((a + b) + c) + (d + e). Its rounding error grows with the logarithm of the length."""
    return fold(in_one_type(tuple(items)), _plus, pairwise=True)


def sum_numpy(items: Iterable[float], start: float) -> float:
    """`start` + what `numpy.sum` gives for at most 128 items: eight partial sums, joined in pairs, then what is left, in order."""
    start, *values = in_one_type((start, *items))
    return start + meanings.in_numpys_order(values, _plus)


def min_seq(items: Iterable[N], start: N) -> N:
    """The least of `start` and the items, from left to right as Python's `min`; `start` where there are none."""
    return min(in_one_type(_begun(items, start)))


def max_seq(items: Iterable[N], start: N) -> N:
    """The greatest of `start` and the items, from left to right as Python's `max`; `start` where there are none."""
    return max(in_one_type(_begun(items, start)))


def _begun(items: Iterable[N], start: N | None) -> Sequence[N]:
    values = list(items)
    return values if start is None else [start] + values  # noqa: RUF005


def _plus(a: N, b: N) -> N:
    return a + b


def array(length: int, fill: E) -> tuple[E, ...]:
    """`length` times `fill`: what a carried array begins as, `a = carry(initial=array(64, 0.0))`.

    `a[i]` reads the element at a place that is computed, `put` gives the array with another one; `len`, slices with known ends and
    loops over all elements work as for a tuple. A place outside the array is an error at build. A unit is said by the
    fill: `array(64, as_unit(0.0, "bps"))`.
    """
    return (fill,) * length


def put(array: tuple[E, ...], index: int, value: E) -> tuple[E, ...]:
    """The array with `value` at `index`: `a = put(a, i, x)`. Raises IndexError outside, TypeError for another type."""
    if not 0 <= index < len(array):
        raise IndexError(f"put at {index} into an array of {len(array)}")
    kind: Any = type(array[0])
    put_in: Any = bool(value) if isinstance(value, np.bool_) else value  # what comparing float32s gives
    if type(put_in) is not kind:
        if kind not in (float, FLOAT32, INT32) or not isinstance(value, int | float):
            raise TypeError(f"put of a {type(value).__name__} into an array of {kind.__name__}")
        put_in = kind(value)
    elements = list(array)
    elements[index] = put_in
    return tuple(elements)


__all__ = [
    "array",
    "as_unit",
    "bits_float",
    "ceil",
    "float32",
    "float_bits",
    "floor",
    "fma",
    "ieee_div",
    "int32",
    "leading_zeros",
    "logical_shift_right",
    "lookup",
    "max_seq",
    "min_seq",
    "multiply_high",
    "put",
    "rint",
    "sqrt",
    "sum_numpy",
    "sum_pairwise",
    "sum_seq",
    "trunc",
    "unsigned_less",
    "wrapping_add",
    "wrapping_mul",
    "wrapping_shl",
    "wrapping_sub",
]
