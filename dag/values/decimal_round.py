"""`round(x, n)` for a literal n, of basic operations only, equal to CPython's correctly rounded one for every double.

With s = 10^n, p = x * s and k = rint(p), the answer is k / s unless p fell exactly on a half that x * s misses: then the
sign of the product's rounding error e decides. e is Dekker's exact residual (T. J. Dekker, "A floating-point technique
for extending the available precision", Numerische Mathematik 18, 1971) over Veltkamp's split of x into two halves:

    e = (h * s - p) + l * s         for n <= 11, where 5^n < 2^26 makes both products exact; beyond, s is split as well

- Below 2^52 every k + 1/2 is a double, so rounding p is monotone around it: only d = p - k = +-1/2 can hide the side. e = 0
  is a true tie, and rint took the even side already.
- Between 2^52 and 2^53 doubles are 1 apart: p itself is x * s rounded to even.
- From 2^53 on, doubles around x are at least 10^-n apart: x is its own nearest decimal. Infinities and NaN come here too.
- k and s are exact, so k / s rounds once, as reading the decimal text would.

For tiny and for huge x, e is meaningless; then d is no half, or x itself is chosen.
"""

from __future__ import annotations

from dag.diagnostics.span import Span
from dag.graphs.builder import GraphBuilder
from dag.operators.op import Op
from dag.operators.table import ABS, ADD, AND, DIV, EQ, GT, LT, MUL, RINT, SELECT, SUB
from dag.operators.units import DIMENSIONLESS
from dag.values.types import F64

MOST_DIGITS = 12
_SPLITTER = 2.0**27 + 1.0
#: 5^11 < 2^26: up to here the product of s with half of x is exact.
_MOST_DIGITS_UNSPLIT = 11


def round_decimal(builder: GraphBuilder, x: int, digits: int, span: Span | None = None) -> int:
    """The node of `round(x, digits)`; its unit is that of `x`.

    `digits` is from 0 to 12, ValueError otherwise. `x` is an f64 node of `builder`.
    """
    if not 0 <= digits <= MOST_DIGITS:
        raise ValueError(f"round(x, {digits}): the digits are a literal from 0 to {MOST_DIGITS}")
    unit = builder.unit_of(x)

    def const(value: float, of: str = DIMENSIONLESS) -> int:
        return builder.const(value, F64, of, span)

    def op(op: Op, *args: int) -> int:
        return builder.op(op, args, span)

    def halves(value: int) -> tuple[int, int]:
        """Veltkamp: the upper 26 bits and the rest."""
        scaled = op(MUL, value, const(_SPLITTER))
        high = op(SUB, scaled, op(SUB, scaled, value))
        return high, op(SUB, value, high)

    scale = const(10.0**digits)
    product = op(MUL, x, scale)
    nearest = op(RINT, product)
    distance = op(SUB, product, nearest)
    high, low = halves(x)
    if digits <= _MOST_DIGITS_UNSPLIT:
        error = op(ADD, op(SUB, op(MUL, high, scale), product), op(MUL, low, scale))
    else:
        scale_high, scale_low = _halves_of(10.0**digits)
        error = op(SUB, op(MUL, high, const(scale_high)), product)
        error = op(ADD, error, op(MUL, high, const(scale_low)))
        error = op(ADD, error, op(MUL, low, const(scale_high)))
        error = op(ADD, error, op(MUL, low, const(scale_low)))
    half, zero, one = const(0.5, unit), const(0.0, unit), const(1.0, unit)
    up = op(AND, op(EQ, distance, half), op(GT, error, zero))
    down = op(AND, op(EQ, distance, const(-0.5, unit)), op(LT, error, zero))
    chosen = op(SELECT, up, op(ADD, nearest, one), op(SELECT, down, op(SUB, nearest, one), nearest))
    is_small = op(LT, op(ABS, product), const(2.0**53, unit))
    return op(SELECT, is_small, op(DIV, chosen, scale), x)


def _halves_of(value: float) -> tuple[float, float]:
    scaled = value * _SPLITTER
    high = scaled - (scaled - value)
    return high, value - high
