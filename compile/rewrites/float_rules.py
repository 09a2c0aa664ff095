"""Rules about f64; each has its twin for f32. Every one is exact to the bit, NaN, infinities and signed zeros included.

What is not here is not exact: there is no reassociation, no distribution, no x / c -> x * (1 / c) but for powers of two.
"""

from __future__ import annotations

from compile.rewrites.pattern import Apply, FoldedConstant, Hole, Literal, PowerOfTwo, Rule, Term, call
from dag.operators import table as ops
from dag.operators.op import Op
from dag.values.types import BOOL, F64

x, y, z = (Hole(name, F64) for name in "xyz")
c, d = (Hole(name, F64, constant=True) for name in "cd")
TRUE, FALSE = Literal(True, BOOL), Literal(False, BOOL)


def both(first: Term, *rest: Term) -> Term:
    """All of these."""
    for each in rest:
        first = Apply(ops.AND, (first, each))
    return first


def either(a: Term, b: Term) -> Term:
    """One of two."""
    return Apply(ops.OR, (a, b))


def never(a: Term) -> Term:
    """Not this."""
    return Apply(ops.NOT, (a,))


def neg(a: Term) -> Term:
    """-a."""
    return call(ops.NEG, a)


#: No NaN on either side.
_NUMBERS = both(never(x.nan), never(y.nan))
_FINITE = both(never(x.nan), call(ops.GT, x.lo, float("-inf")), call(ops.LT, x.hi, float("inf")))
_NO_ZERO = both(never(x.plus_zero), never(x.minus_zero))
_BELOW, _ABOVE = call(ops.LT, x.hi, y.lo), call(ops.GT, x.lo, y.hi)
_AT_MOST, _AT_LEAST = call(ops.LE, x.hi, y.lo), call(ops.GE, x.lo, y.hi)
_APART = both(_NUMBERS, either(_BELOW, _ABOVE))
_ZEROS_MEET = both(either(x.plus_zero, x.minus_zero), either(y.plus_zero, y.minus_zero))

_SLOW = "binary64: neither Bitwuzla nor cvc5 answers within 30 s"

ARITHMETIC = (
    Rule("mul_one", call(ops.MUL, x, 1.0), x),
    Rule("one_mul", call(ops.MUL, 1.0, x), x),
    Rule("mul_minus_one", call(ops.MUL, x, -1.0), neg(x)),
    Rule("minus_one_mul", call(ops.MUL, -1.0, x), neg(x)),
    Rule("mul_negs", call(ops.MUL, neg(x), neg(y)), call(ops.MUL, x, y)),
    Rule("mul_zero", call(ops.MUL, x, 0.0), Literal(0.0, F64), both(_FINITE, call(ops.GE, x.lo, 0.0), never(x.minus_zero))),
    Rule("div_one", call(ops.DIV, x, 1.0), x),
    Rule("div_minus_one", call(ops.DIV, x, -1.0), neg(x)),
    Rule("div_negs", call(ops.DIV, neg(x), neg(y)), call(ops.DIV, x, y)),
    Rule("div_self", call(ops.DIV, x, x), Literal(1.0, F64), both(_FINITE, _NO_ZERO)),
    Rule(
        "div_power_of_two",
        call(ops.DIV, x, c),
        call(ops.MUL, x, FoldedConstant(call(ops.DIV, 1.0, c))),
        PowerOfTwo(c),
    ),
    Rule("add_minus_zero", call(ops.ADD, x, -0.0), x),
    Rule("minus_zero_add", call(ops.ADD, -0.0, x), x),
    # (-0.0) + 0.0 is +0.0: without its condition this rule has a counterexample
    Rule("add_zero", call(ops.ADD, x, 0.0), x, never(x.minus_zero)),
    Rule("zero_add", call(ops.ADD, 0.0, x), x, never(x.minus_zero)),
    Rule("add_neg", call(ops.ADD, x, neg(y)), call(ops.SUB, x, y)),
    Rule("neg_add", call(ops.ADD, neg(x), y), call(ops.SUB, y, x)),
    Rule("sub_zero", call(ops.SUB, x, 0.0), x),
    Rule("sub_minus_zero", call(ops.SUB, x, -0.0), x, never(x.minus_zero)),
    Rule("sub_neg", call(ops.SUB, x, neg(y)), call(ops.ADD, x, y)),
    Rule("minus_zero_sub", call(ops.SUB, -0.0, x), neg(x)),
    Rule("zero_sub", call(ops.SUB, 0.0, x), neg(x), never(x.plus_zero)),
    Rule("sub_self", call(ops.SUB, x, x), Literal(0.0, F64), _FINITE),
    Rule("neg_sub", neg(call(ops.SUB, x, y)), call(ops.SUB, y, x), _APART, small=_SLOW),
    Rule("neg_neg", neg(neg(x)), x),
    Rule("abs_neg", call(ops.ABS, neg(x)), call(ops.ABS, x)),
    Rule("abs_abs", call(ops.ABS, call(ops.ABS, x)), call(ops.ABS, x)),
    Rule("abs_of_positive", call(ops.ABS, x), x, both(call(ops.GE, x.lo, 0.0), never(x.minus_zero))),
    Rule("abs_of_negative", call(ops.ABS, x), neg(x), both(call(ops.LE, x.hi, 0.0), never(x.plus_zero))),
    Rule("fma_without_sum", call(ops.FMA, x, y, -0.0), call(ops.MUL, x, y)),
    Rule("fma_by_one", call(ops.FMA, x, 1.0, z), call(ops.ADD, x, z), small=_SLOW),
    Rule("fma_of_one", call(ops.FMA, 1.0, x, z), call(ops.ADD, x, z), small=_SLOW),
)  # fmt: skip


def _choice(op: Op, strictly: Op, name: str) -> tuple[Rule, ...]:
    """min and max: `op(a, b)` is b where `strictly(b, a)`, and else a, NaN or not."""
    less = strictly is ops.LT
    x_first, y_first = (_AT_MOST, _AT_LEAST) if less else (_AT_LEAST, _AT_MOST)
    tighter = call(ops.LT, d.hi, c.lo) if less else call(ops.GT, d.lo, c.hi)
    inner, weakly, mirrored = call(op, x, y), ops.LE if less else ops.GE, ops.GT if less else ops.LT
    return (
        Rule(f"{name}_self", call(op, x, x), x),
        Rule(f"{name}_again_right", call(op, inner, y), inner),
        Rule(f"{name}_again_left", call(op, inner, x), inner),
        Rule(f"{name}_is_first", call(op, x, y), x, x_first),
        Rule(f"{name}_is_second", call(op, x, y), y, both(y_first, _NUMBERS, never(_ZEROS_MEET))),
        Rule(f"{name}_tighter", call(op, call(op, x, c), d), call(op, x, d), both(tighter, never(c.nan), never(d.nan))),
        Rule(f"select_is_{name}", Apply(ops.SELECT, (call(strictly, y, x), y, x)), call(op, x, y)),
        Rule(f"select_is_{name}_mirrored", Apply(ops.SELECT, (call(mirrored, x, y), y, x)), call(op, x, y)),
        # where both are equal it takes the other one of the two: only zeros can tell
        Rule(
            f"select_is_{name}_weakly",
            Apply(ops.SELECT, (call(weakly, y, x), y, x)),
            call(op, x, y),
            never(_ZEROS_MEET),
        ),
    )


CHOICES = (*_choice(ops.MIN, ops.LT, "min"), *_choice(ops.MAX, ops.GT, "max"))


def _decided(op: Op, true: Term, false: Term) -> tuple[Rule, ...]:
    return (
        Rule(f"{op.name}_always", call(op, x, y), TRUE, both(_NUMBERS, true)),
        Rule(f"{op.name}_never", call(op, x, y), FALSE, false),
    )


def _inverted(op: Op, inverse: Op) -> Rule:
    return Rule(f"not_{op.name}", Apply(ops.NOT, (call(op, x, y),)), call(inverse, x, y), _NUMBERS)


COMPARISONS = (
    *_decided(ops.LT, _BELOW, _AT_LEAST),
    *_decided(ops.LE, _AT_MOST, _ABOVE),
    *_decided(ops.GT, _ABOVE, _AT_MOST),
    *_decided(ops.GE, _AT_LEAST, _BELOW),
    Rule("eq_never", call(ops.EQ, x, y), FALSE, either(_BELOW, _ABOVE)),
    Rule("ne_always", call(ops.NE, x, y), TRUE, either(_BELOW, _ABOVE)),
    Rule("lt_self", call(ops.LT, x, x), FALSE),
    Rule("gt_self", call(ops.GT, x, x), FALSE),
    Rule("le_self", call(ops.LE, x, x), TRUE, never(x.nan)),
    Rule("ge_self", call(ops.GE, x, x), TRUE, never(x.nan)),
    Rule("eq_self", call(ops.EQ, x, x), TRUE, never(x.nan)),
    Rule("ne_self", call(ops.NE, x, x), FALSE, never(x.nan)),
    # NaN makes every comparison false but `ne`: the others have an inverse only where neither side can be NaN
    _inverted(ops.LT, ops.GE),
    _inverted(ops.LE, ops.GT),
    _inverted(ops.GT, ops.LE),
    _inverted(ops.GE, ops.LT),
    Rule("not_eq", Apply(ops.NOT, (call(ops.EQ, x, y),)), call(ops.NE, x, y)),
    Rule("not_ne", Apply(ops.NOT, (call(ops.NE, x, y),)), call(ops.EQ, x, y)),
)

_ROUNDINGS = (ops.RINT, ops.FLOOR, ops.CEIL, ops.TRUNC)
ROUNDINGS = tuple(
    Rule(f"{outer.name}_{inner.name}", call(outer, call(inner, x)), call(inner, x))
    for outer in _ROUNDINGS
    for inner in _ROUNDINGS
)

_FLUSHED = call(ops.FLUSH, x)
FLUSHES = (
    Rule("flush_flush", call(ops.FLUSH, _FLUSHED), _FLUSHED),
    Rule("flush_neg_flush", call(ops.FLUSH, neg(_FLUSHED)), neg(_FLUSHED)),
    Rule("flush_abs_flush", call(ops.FLUSH, call(ops.ABS, _FLUSHED)), call(ops.ABS, _FLUSHED)),
    Rule("flush_rint", call(ops.FLUSH, call(ops.RINT, x)), call(ops.RINT, x)),
)

#: A value that is always the same one: replaced by it, but for zero, which may have two signs.
KNOWN = (
    Rule("known_number", x, FoldedConstant(x.lo), both(never(x.nan), call(ops.EQ, x.lo, x.hi), _NO_ZERO)),
    Rule("known_zero", x, Literal(0.0, F64), both(never(x.nan), never(x.minus_zero), call(ops.EQ, x.lo, 0.0), call(ops.EQ, x.hi, 0.0))),
)  # fmt: skip

FLOAT_RULES = (*ARITHMETIC, *CHOICES, *COMPARISONS, *ROUNDINGS, *FLUSHES, *KNOWN)
