"""Rewrite rules that somebody might write, each wrong on some words: the solver has to find them."""

from __future__ import annotations

from compile.rewrites.float_rules import both, never, x, y
from compile.rewrites.integer_rules import c as integer
from compile.rewrites.integer_rules import n
from compile.rewrites.pattern import Apply, FoldedConstant, Hole, Literal, Log2, Rule, call
from dag.operators import table as ops
from dag.values.types import BOOL, F64

c = Hole("c", F64, constant=True)
low, high = (Hole(name, F64, constant=True) for name in ("low", "high"))
TRUE = Literal(True, BOOL)

_ALL = (
    Rule("add_zero", call(ops.ADD, x, 0.0), x),
    Rule("add_zero_of_numbers", call(ops.ADD, x, 0.0), x, never(x.nan)),
    Rule("zero_add", call(ops.ADD, 0.0, x), x, never(x.plus_zero)),
    Rule("sub_minus_zero", call(ops.SUB, x, -0.0), x),
    Rule("zero_sub", call(ops.SUB, 0.0, x), call(ops.NEG, x)),
    Rule("mul_zero", call(ops.MUL, x, 0.0), Literal(0.0, F64), never(x.nan)),
    Rule("div_self", call(ops.DIV, x, x), Literal(1.0, F64), never(x.nan)),
    Rule("div_constant", call(ops.DIV, x, c), call(ops.MUL, x, FoldedConstant(call(ops.DIV, 1.0, c)))),
    Rule("sub_self", call(ops.SUB, x, x), Literal(0.0, F64), never(x.nan)),
    Rule("neg_sub", call(ops.NEG, call(ops.SUB, x, y)), call(ops.SUB, y, x), both(never(x.nan), never(y.nan))),
    Rule("abs_of_positive", call(ops.ABS, x), x, call(ops.GE, x.lo, 0.0)),
    Rule("min_commutes", call(ops.MIN, x, y), call(ops.MIN, y, x), both(never(x.nan), never(y.nan))),
    Rule("min_is_second", call(ops.MIN, x, y), y, call(ops.GE, x.lo, y.hi)),
    Rule("min_tighter", call(ops.MIN, call(ops.MIN, x, low), high), call(ops.MIN, x, high), call(ops.LE, high.hi, low.lo)),
    Rule("not_lt", Apply(ops.NOT, (call(ops.LT, x, y),)), call(ops.GE, x, y)),
    Rule("lt_always", call(ops.LT, x, y), TRUE, call(ops.LT, x.hi, y.lo)),
    Rule("le_self", call(ops.LE, x, x), TRUE),
    Rule("select_is_min_weakly", Apply(ops.SELECT, (call(ops.LE, y, x), y, x)), call(ops.MIN, x, y)),
    Rule("select_is_max", Apply(ops.SELECT, (call(ops.GT, x, y), x, y)), call(ops.MAX, x, y)),
    Rule("known_zero", x, Literal(0.0, F64), both(never(x.nan), call(ops.EQ, x.lo, x.hi), call(ops.EQ, x.lo, 0.0))),
    Rule("fma_is_mul_add", call(ops.FMA, x, x, y), call(ops.ADD, call(ops.MUL, x, x), y)),
    Rule("rint_of_floor", call(ops.RINT, x), call(ops.FLOOR, x)),
    Rule("idiv_towards_zero", call(ops.IDIV, n, call(ops.INEG, n)), Literal(-1, n.type)),  # type: ignore[arg-type]
    Rule("shift_of_any", call(ops.IMOD, n, integer), call(ops.IAND, n, FoldedConstant(call(ops.ISUB, integer, 1)))),
    Rule("iabs_of_most", call(ops.IGE, call(ops.IABS, n), 0), TRUE),
    Rule("whole_there_and_back", call(ops.F64_TO_I64, call(ops.I64_TO_F64, n)), n),
    Rule("imul_power", call(ops.IMUL, n, integer), call(ops.SHR, n, Log2(integer))),
)  # fmt: skip
#: By name.
WRONG_RULES = {rule.name: rule for rule in _ALL}
