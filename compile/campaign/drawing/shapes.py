"""Shapes that provoke miscompilation: what an optimiser believes it may rewrite, and what a careless lowering gets wrong."""

from __future__ import annotations

from collections.abc import Callable

from compile.campaign.drawing.pen import SIDE, Drawing, of_width, random_constant
from dag.operators import table as ops
from dag.operators.lookups import lookup_in
from dag.values.decimal_round import MOST_DIGITS, round_decimal
from dag.values.types import BOOL, F32, F64, I32, I64, Type


def _float(draw: Drawing) -> Type:
    return F64 if draw.chance(0.65) else F32


def product_sum(draw: Drawing) -> None:
    """a * b + c in all its signs: a fused multiply-add in waiting."""
    t = _float(draw)
    product = draw.apply(of_width(ops.MUL, t), draw.pick(t), draw.pick(t))
    other = draw.pick(t)
    match draw.below(3):
        case 0:
            draw.apply(of_width(ops.ADD, t), product, other)
        case 1:
            draw.apply(of_width(ops.SUB, t), product, other)
        case _:
            draw.apply(of_width(ops.SUB, t), other, product)


def product_error(draw: Drawing) -> None:
    """The exact error of a product: zero as soon as somebody rounds once too often, or fuses what is not fused."""
    t = _float(draw)
    a, b = draw.pick(t), draw.pick(t)
    product = draw.apply(of_width(ops.MUL, t), a, b)
    draw.apply(of_width(ops.FMA, t), a, b, draw.apply(of_width(ops.NEG, t), product))


def sum_of_products(draw: Drawing) -> None:
    """a * b +- c * d."""
    t = _float(draw)
    left = draw.apply(of_width(ops.MUL, t), draw.pick(t), draw.pick(t))
    right = draw.apply(of_width(ops.MUL, t), draw.pick(t), draw.pick(t))
    draw.apply(of_width(ops.ADD if draw.chance(0.5) else ops.SUB, t), left, right)


def by_constant(draw: Drawing) -> None:
    """x / c and x * c: reciprocals, identities, powers of two."""
    t = _float(draw)
    draw.apply(of_width(ops.DIV if draw.chance(0.7) else ops.MUL, t), draw.pick(t), draw.constant(t))


def quotients(draw: Drawing) -> None:
    """(x / y) / z, x / (y / z), 1 / (1 / x)."""
    t = _float(draw)
    div = of_width(ops.DIV, t)
    x, y, z = draw.pick(t), draw.pick(t), draw.pick(t)
    match draw.below(3):
        case 0:
            draw.apply(div, draw.apply(div, x, y), z)
        case 1:
            draw.apply(div, x, draw.apply(div, y, z))
        case _:
            one = draw.const(1.0, t)
            draw.apply(div, one, draw.apply(div, one, x))


def clamp(draw: Drawing) -> None:
    """min(max(x, lo), hi) with either order of the arguments: NaN and signed zeros tell them apart."""
    t = _float(draw)
    low, high, value = draw.constant(t), draw.constant(t), draw.pick(t)
    for op, end in ((ops.MAX, low), (ops.MIN, high)):
        pair = (value, end) if draw.chance(0.5) else (end, value)
        value = draw.apply(of_width(op, t), *pair)


def identity(draw: Drawing) -> None:
    """x + 0, x - 0, 0 - x, x * 1, x * 0, x / 1: each changes some x."""
    t = _float(draw)
    x = draw.pick(t)
    neutral = draw.const((0.0, -0.0, 1.0, -1.0)[draw.below(4)], t)
    op = of_width((ops.ADD, ops.SUB, ops.MUL, ops.DIV)[draw.below(4)], t)
    draw.apply(op, *((x, neutral) if draw.chance(0.6) else (neutral, x)))


def signed_zeros(draw: Drawing) -> None:
    """Minimum, maximum, sum and comparison of zeros: the sign says who was taken."""
    t = _float(draw)
    zero = draw.apply(of_width(ops.MUL, t), draw.pick(t), draw.const(0.0 if draw.chance(0.5) else -0.0, t))
    other = draw.const(0.0 if draw.chance(0.5) else -0.0, t) if draw.chance(0.6) else draw.pick(t)
    op = of_width((ops.MIN, ops.MAX, ops.MIN, ops.MAX, ops.ADD, ops.SUB)[draw.below(6)], t)
    draw.apply(op, *((zero, other) if draw.chance(0.5) else (other, zero)))


def same_twice(draw: Drawing) -> None:
    """x - x, x / x, min(x, x), x == x, x != x: not 0, 1, x, true and false."""
    t = _float(draw)
    x = draw.pick(t)
    draw.apply(of_width((ops.SUB, ops.DIV, ops.MIN, ops.MAX, ops.EQ, ops.NE, ops.LE)[draw.below(7)], t), x, x)


def roots(draw: Drawing) -> None:
    """sqrt(x * x), 1 / sqrt(x), a / sqrt(b)."""
    t = _float(draw)
    x = draw.pick(t)
    if draw.chance(0.5):
        draw.apply(of_width(ops.SQRT, t), draw.apply(of_width(ops.MUL, t), x, x))
    else:
        above = draw.const(1.0, t) if draw.chance(0.5) else draw.pick(t)
        root = draw.apply(of_width(ops.SQRT, t), draw.apply(of_width(ops.ABS, t), x))
        draw.apply(of_width(ops.DIV, t), above, root)


def long_sum(draw: Drawing) -> None:
    """A chain of additions: nobody may take it in pairs."""
    t = _float(draw)
    total = draw.pick(t)
    for _ in range(3 + draw.below(4)):
        total = draw.apply(of_width(ops.ADD, t), total, draw.pick(t))


def regrouped(draw: Drawing) -> None:
    """a * c + b * c, (a + b) - b, (a * b) / b: algebra would have it otherwise."""
    t = _float(draw)
    a, b = draw.pick(t), draw.pick(t)
    match draw.below(3):
        case 0:
            c = draw.constant(t)
            mul = of_width(ops.MUL, t)
            draw.apply(of_width(ops.ADD, t), draw.apply(mul, a, c), draw.apply(mul, b, c))
        case 1:
            draw.apply(of_width(ops.SUB, t), draw.apply(of_width(ops.ADD, t), a, b), b)
        case _:
            draw.apply(of_width(ops.DIV, t), draw.apply(of_width(ops.MUL, t), a, b), b)


def power(draw: Drawing) -> None:
    """x * x * x from the left."""
    t = _float(draw)
    x = draw.pick(t)
    value = x
    for _ in range(1 + draw.below(3)):
        value = draw.apply(of_width(ops.MUL, t), value, x)


def compared_select(draw: Drawing) -> None:
    """`a if a < b else b` and its likes: a minimum only where neither is NaN nor a zero."""
    t = _float(draw)
    a, b = draw.pick(t), draw.pick(t)
    test = draw.apply(of_width((ops.LT, ops.LE, ops.GT, ops.GE, ops.EQ, ops.NE)[draw.below(6)], t), a, b)
    if draw.chance(0.3):
        test = draw.apply(ops.NOT, test)
    draw.apply(ops.SELECT, test, *((a, b) if draw.chance(0.5) else (b, a)))


def nested_select(draw: Drawing) -> None:
    """Selects in selects, sharing a condition."""
    t = (F64, F32, I64, I32, BOOL, SIDE)[draw.below(6)]
    first, second = draw.pick(BOOL), draw.pick(BOOL)
    inner = draw.apply(ops.SELECT, first, draw.pick(t), draw.pick(t))
    middle = draw.apply(ops.SELECT, second, inner, draw.pick(t))
    draw.apply(ops.SELECT, first, middle, inner)


def signs(draw: Drawing) -> None:
    """-max(-a, -b), |-x|, -(-x), 0 - x."""
    t = _float(draw)
    neg = of_width(ops.NEG, t)
    match draw.below(3):
        case 0:
            a, b = (draw.apply(neg, draw.pick(t)) for _ in range(2))
            draw.apply(neg, draw.apply(of_width(ops.MAX if draw.chance(0.5) else ops.MIN, t), a, b))
        case 1:
            draw.apply(of_width(ops.ABS, t), draw.apply(neg, draw.pick(t)))
        case _:
            x = draw.pick(t)
            draw.apply(of_width(ops.ADD, t), draw.apply(of_width(ops.SUB, t), draw.const(0.0, t), x), x)


def roundings(draw: Drawing) -> None:
    """x - floor(x), floor(x + 0.5), rint of a half: ties, signs of zero."""
    t = _float(draw)
    to_whole = of_width((ops.RINT, ops.FLOOR, ops.CEIL, ops.TRUNC)[draw.below(4)], t)
    x = draw.pick(t)
    match draw.below(3):
        case 0:
            draw.apply(of_width(ops.SUB, t), x, draw.apply(to_whole, x))
        case 1:
            draw.apply(to_whole, draw.apply(of_width(ops.ADD, t), x, draw.const(0.5, t)))
        case _:
            draw.apply(to_whole, draw.apply(of_width(ops.MUL, t), draw.apply(to_whole, x), draw.const(0.5, t)))


def decimals(draw: Drawing) -> None:
    """round(x, n)."""
    draw.keep(round_decimal(draw.builder, draw.pick(F64), draw.below(MOST_DIGITS + 1)))
    draw.operators += 1


def hops(draw: Drawing) -> None:
    """f64 -> f32 -> f64 and what is lost; integers through floats and back."""
    match draw.below(4):
        case 0:
            x = draw.pick(F64)
            draw.apply(ops.SUB, x, draw.apply(ops.F32_TO_F64, draw.apply(ops.F64_TO_F32, x)))
        case 1:
            # Rounded twice, unlike a sum in binary32.
            a, b = (draw.apply(ops.F32_TO_F64, draw.pick(F32)) for _ in range(2))
            draw.apply(ops.F64_TO_F32, draw.apply(ops.ADD, a, b))
        case 2:
            n = draw.pick(I64)
            draw.apply(ops.ISUB, n, draw.apply(ops.F64_TO_I64, draw.apply(ops.I64_TO_F64, n)))
        case _:
            draw.apply(ops.F32_TO_I64, draw.apply(ops.I64_TO_F32, draw.pick(I64)))


def saturation(draw: Drawing) -> None:
    """int(x) around the ends of i64."""
    x = draw.apply(ops.MUL, draw.pick(F64), draw.const(2.0 ** (50 + draw.below(20)), F64))
    draw.apply(ops.F64_TO_I64, x)


def overflow(draw: Drawing) -> None:
    """Integers at their ends: x + 1 > x, |least|, least // -1, shifts past the width."""
    x = draw.pick(I64)
    match draw.below(4):
        case 0:
            draw.apply(ops.IGT, draw.apply(ops.IADD, x, draw.const(1, I64)), x)
        case 1:
            draw.apply((ops.IABS, ops.INEG)[draw.below(2)], draw.apply(ops.IOR, x, draw.const(-(1 << 63), I64)))
        case 2:
            draw.apply((ops.IDIV, ops.IMOD)[draw.below(2)], x, draw.constant(I64))
        case _:
            draw.apply((ops.SHL, ops.SHR)[draw.below(2)], draw.apply(ops.IMUL, x, draw.pick(I64)), draw.constant(I64))


def floor_division(draw: Drawing) -> None:
    """(a // b) * b + a % b: a again, unless b is 0."""
    a, b = draw.pick(I64), draw.pick(I64)
    product = draw.apply(ops.IMUL, draw.apply(ops.IDIV, a, b), b)
    draw.apply(ops.IADD, product, draw.apply(ops.IMOD, a, b))


def narrowed(draw: Drawing) -> None:
    """i64 -> i32 -> i64: the wrap, and arithmetic on what is left."""
    low = draw.apply(ops.I32_TO_I64, draw.apply(ops.I64_TO_I32, draw.pick(I64)))
    draw.apply(ops.I64_TO_I32, draw.apply((ops.IMUL, ops.IADD)[draw.below(2)], low, low))


def pattern(draw: Drawing) -> None:
    """Bits of a float, moved by an ulp or stripped of their sign, and read as a float again."""
    if draw.chance(0.6):
        bits = draw.pattern()
        op, mask = ((ops.IADD, 1), (ops.IAND, (1 << 63) - 1), (ops.IXOR, -(1 << 63)), (ops.IAND, -(1 << 26)))[
            draw.below(4)
        ]
        draw.apply(ops.BITS_F64, draw.apply(op, bits, draw.const(mask, I64)))
    else:
        x = draw.apply(ops.SQRT_F32, draw.pick(F32)) if draw.chance(0.4) else draw.pick(F32)
        wide = draw.apply(ops.I32_TO_I64, draw.apply(ops.F32_BITS, x))
        draw.apply(
            ops.BITS_F32, draw.apply(ops.I64_TO_I32, draw.apply(ops.IADD, wide, draw.const(draw.below(5) - 2, I64)))
        )


def words(draw: Drawing) -> None:
    """Two words as one: a product's halves, a sum with its carry, a shift across both; a number's leading zeros moved out."""
    a, b = draw.pick(I64), draw.pick(I64)
    match draw.below(4):
        case 0:
            draw.apply(ops.IXOR, draw.apply(ops.MULTIPLY_HIGH, a, b), draw.apply(ops.IMUL, a, b))
        case 1:
            low = draw.apply(ops.IADD, a, b)
            carry = draw.apply(ops.BOOL_TO_I64, draw.apply(ops.ULT, low, a))
            draw.apply(ops.IADD, draw.apply(ops.MULTIPLY_HIGH, a, draw.constant(I64)), carry)
        case 2:
            places = 1 + draw.below(63)
            low = draw.apply(ops.LSHR, b, draw.const(places, I64))
            draw.apply(ops.IOR, low, draw.apply(ops.SHL, a, draw.const(64 - places, I64)))
        case _:
            draw.apply(ops.SHL, a, draw.apply(ops.CLZ, a))


def looked_up(draw: Drawing) -> None:
    """A word of a constant table, at places that wrap around it."""
    table = tuple(int(random_constant(draw.rng, I64, True)) for _ in range(2 << draw.below(5)))
    draw.apply(lookup_in(table), draw.pick(I64))


def logic(draw: Drawing) -> None:
    """not (a < b) beside a >= b: NaN tells them apart."""
    t = _float(draw)
    a, b = draw.pick(t), draw.pick(t)
    below = draw.apply(of_width(ops.LT, t), a, b)
    negated = draw.apply(ops.NOT, below)
    draw.apply((ops.AND, ops.OR)[draw.below(2)], negated, draw.apply(of_width(ops.GE, t), a, b))


SHAPES: tuple[Callable[[Drawing], None], ...] = (
    product_sum, product_sum, product_error, sum_of_products, by_constant, quotients, clamp, identity, signed_zeros, signed_zeros, same_twice,
    roots, long_sum, regrouped, power, compared_select, nested_select, signs, roundings, decimals, hops, saturation,
    overflow, floor_division, narrowed, pattern, pattern, logic,
    words, looked_up,
)  # fmt: skip
