"""What the ops mean where Python has no one word for it: functions on Python's own numbers, which every backend must equal.

An f32 is held as the float that binary32 holds exactly. Rounding the binary64 result of + - * / or sqrt once more gives the
correctly rounded binary32 result, since 53 bits are more than twice 24 and two (S. A. Figueroa, "When is double rounding
innocuous?", ACM SIGNUM Newsletter 30, 1995); a fused multiply-add is rounded from its exact value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from dag.values.words import MASK, float_bits, round_f32, wrap_i64


def ieee_div(a: float, b: float) -> float:
    """IEEE division: x/0 is a signed infinity and 0/0 is NaN, where Python's `/` raises."""
    if b != 0.0 or b != b:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def ieee_sqrt(x: float) -> float:
    """The correctly rounded square root; NaN for a negative number, -0.0 for -0.0."""
    return math.sqrt(x) if x >= 0.0 else (x if x == 0.0 else math.nan)


def python_min(a: Any, b: Any) -> Any:
    """Python's `min(a, b)`: `b if b < a else a`."""
    return b if b < a else a


def python_max(a: Any, b: Any) -> Any:
    """Python's `max(a, b)`: `b if b > a else a`."""
    return b if b > a else a


def rint(x: float) -> float:
    """The nearest integral value, ties to even, with the sign of `x`."""
    return math.copysign(float(round(x)), x) if math.isfinite(x) else x


def floor(x: float) -> float:
    """The integral value below, with the sign of `x`."""
    return math.copysign(float(math.floor(x)), x) if math.isfinite(x) else x


def ceil(x: float) -> float:
    """The integral value above, with the sign of `x`."""
    return math.copysign(float(math.ceil(x)), x) if math.isfinite(x) else x


def trunc(x: float) -> float:
    """The integral value toward zero, with the sign of `x`."""
    return math.copysign(float(math.trunc(x)), x) if math.isfinite(x) else x


I64_MAX = (1 << 63) - 1
I64_MIN = -(1 << 63)


def saturating_i64(x: float) -> int:
    """`int(x)`: toward zero, clamped to the i64 range; 0 for NaN."""
    if x != x:
        return 0
    if x >= 9223372036854775808.0:
        return I64_MAX
    if x < -9223372036854775808.0:
        return I64_MIN
    return int(x)


def fused_multiply_add(a: float, b: float, c: float) -> float:
    """a * b + c rounded once, to binary64; an infinity times a zero is NaN whatever c is."""
    exact = _exact_fma(a, b, c)
    if not isinstance(exact, Fraction):
        return exact
    try:
        return float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf


def fused_multiply_add_32(a: float, b: float, c: float) -> float:
    """a * b + c rounded once, to binary32."""
    exact = _exact_fma(a, b, c)
    return round_f32(_to_odd(exact)) if isinstance(exact, Fraction) else exact


def i64_to_f32(n: int) -> float:
    """The binary32 nearest to `n`, ties to even."""
    return round_f32(_to_odd(Fraction(n)))


def floor_div(a: int, b: int) -> int:
    """Python's `a // b`, wrapped to 64 bits; 0 where b is 0, where Python raises."""
    return wrap_i64(a // b) if b else 0


def floor_mod(a: int, b: int) -> int:
    """Python's `a % b`, of the sign of b; 0 where b is 0, where Python raises."""
    return a % b if b else 0


def multiply_high(a: int, b: int) -> int:
    """The upper 64 bits of the 128-bit product of two unsigned words."""
    return wrap_i64((a & MASK) * (b & MASK) >> 64)


def logical_shift_right(a: int, n: int) -> int:
    """a >> (n mod 64) with zeros coming in at the top."""
    return wrap_i64((a & MASK) >> (n & 63))


def unsigned_less(a: int, b: int) -> bool:
    """a < b, both taken as words from 0 to 2^64 - 1."""
    return (a & MASK) < (b & MASK)


def leading_zeros(x: int) -> int:
    """The zero bits above the highest one bit of a word; 64 of zero."""
    return 64 - (x & MASK).bit_length()


def looked_up(table: tuple[int, ...], n: int) -> int:
    """table[n mod len(table)], for a table whose length is a power of two."""
    return table[n & (len(table) - 1)]


#: The largest magnitude that the flush ops make zero: the smallest normal number of each format.
LEAST_NORMAL_F64 = 2.0**-1022
LEAST_NORMAL_F32 = 2.0**-126


def flush(x: float) -> float:
    """x, or a zero of its sign where |x| <= 2^-1022."""
    return math.copysign(0.0, x) if abs(x) <= LEAST_NORMAL_F64 else x


def flush_32(x: float) -> float:
    """x, or a zero of its sign where |x| <= 2^-126."""
    return math.copysign(0.0, x) if abs(x) <= LEAST_NORMAL_F32 else x


def _exact_fma(a: float, b: float, c: float) -> Fraction | float:
    """The exact non-zero value, or the result where it is a zero, an infinity or NaN."""
    if not (math.isfinite(a) and math.isfinite(b)):
        return a * b + c
    if not math.isfinite(c):
        return c
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    if exact:
        return exact
    return a * b + c if a == 0.0 or b == 0.0 else 0.0


def _to_odd(exact: Fraction) -> float:
    """`exact` rounded to odd: rounding this again to at most 51 bits is rounding `exact` once (S. Boldo, G. Melquiond, 2008)."""
    nearest = float(exact)
    if exact == nearest or float_bits(nearest) & 1:
        return nearest
    return math.nextafter(nearest, math.inf if exact > nearest else -math.inf)


def element(array: tuple[Any, ...], index: int) -> Any:
    """`array[index]`; the zero of its type where the index is outside, a negative one included."""
    return array[index] if 0 <= index < len(array) else type(array[0])()


def replaced(array: tuple[Any, ...], index: int, value: Any, enable: bool) -> tuple[Any, ...]:
    """`array` with `value` at `index`; itself where `enable` is false or the index is outside."""
    if not enable or not 0 <= index < len(array):
        return array
    return (*array[:index], value, *array[index + 1 :])


def rotated(array: tuple[Any, ...]) -> tuple[Any, ...]:
    """The array that begins with the second element and ends with the first."""
    return (*array[1:], *array[:1])


def spread(x: Any, like: tuple[Any, ...]) -> tuple[Any, ...]:
    """`x` as often as `like` has elements."""
    return (x,) * len(like)


def indexes(like: tuple[Any, ...]) -> tuple[int, ...]:
    """0, 1, 2, ..., as many as `like` has elements."""
    return tuple(range(len(like)))


def spanned(array: tuple[Any, ...], first: int, count: int) -> list[Any]:
    """`count` elements from place `first` on, going on at the begin after the end: none of them twice."""
    size = len(array)
    return [array[(first + k) % size] for k in range(min(max(count, 0), size))]


def fold_add(array: tuple[float, ...], first: int, count: int, initial: float) -> float:
    """The sum from left to right."""
    for value in spanned(array, first, count):
        initial = initial + value
    return initial


def fold_add_f32(array: tuple[float, ...], first: int, count: int, initial: float) -> float:
    """The sum from left to right, rounded to binary32 at every step."""
    for value in spanned(array, first, count):
        initial = round_f32(initial + value)
    return initial


def fold_numpy(array: tuple[float, ...], first: int, count: int, initial: float) -> float:
    """`initial` + the sum of at most 128 elements in numpy's order: eight partial sums, joined in pairs, then what is left."""
    return initial + in_numpys_order(spanned(array, first, count), plus)


def fold_numpy_f32(array: tuple[float, ...], first: int, count: int, initial: float) -> float:
    """The same, rounded to binary32 at every step."""
    return plus_f32(initial, in_numpys_order(spanned(array, first, count), plus_f32))


def in_numpys_order(values: Sequence[float], add: Callable[[float, float], float]) -> float:
    """The sum of at most 128 values: eight partial sums, joined in pairs, then what is left."""
    whole = len(values) - len(values) % 8
    total = 0.0
    if whole:
        a, b, c, d, e, f, g, h = values[:8]
        for k in range(8, whole, 8):
            a, b, c, d = add(a, values[k]), add(b, values[k + 1]), add(c, values[k + 2]), add(d, values[k + 3])
            e, f, g, h = add(e, values[k + 4]), add(f, values[k + 5]), add(g, values[k + 6]), add(h, values[k + 7])
        total = add(add(add(a, b), add(c, d)), add(add(e, f), add(g, h)))
    for value in values[whole:]:
        total = add(total, value)
    return total


def plus(a: float, b: float) -> float:
    """The sum in binary64."""
    return a + b


def plus_f32(a: float, b: float) -> float:
    """The sum in binary32."""
    return round_f32(a + b)


def fold_iadd(array: tuple[int, ...], first: int, count: int, initial: int) -> int:
    """The sum, in two's complement."""
    return wrap_i64(initial + sum(spanned(array, first, count)))


def fold_imin(array: tuple[int, ...], first: int, count: int, initial: int) -> int:
    """The least."""
    least: int = min([initial, *spanned(array, first, count)])
    return least


def fold_imax(array: tuple[int, ...], first: int, count: int, initial: int) -> int:
    """The greatest."""
    greatest: int = max([initial, *spanned(array, first, count)])
    return greatest


def fold_min(array: tuple[float, ...], first: int, count: int, initial: float) -> float:
    """Python's min: the first of the smallest."""
    least: float = min([initial, *spanned(array, first, count)])
    return least


def fold_max(array: tuple[float, ...], first: int, count: int, initial: float) -> float:
    """Python's max: the first of the largest."""
    greatest: float = max([initial, *spanned(array, first, count)])
    return greatest
