"""Rules about bool, about selections of any type, and about conversions there and back."""

from __future__ import annotations

from compile.rewrites.float_rules import FALSE, TRUE, both, never
from compile.rewrites.pattern import Apply, Hole, Rule, Term, call
from dag.operators import table as ops
from dag.operators.op import AnyType, Op
from dag.values.types import BOOL, F32, F64, I32, I64, Kind

p, q = (Hole(name, BOOL) for name in "pq")
a, b, r = (Hole(name, AnyType.T) for name in "abr")
n, i, x, s = Hole("n", I64), Hole("i", I32), Hole("x", F64), Hole("s", F32)
member = Hole("member", Kind.ENUM)


def negated(term: Term) -> Term:
    """not term."""
    return Apply(ops.NOT, (term,))


def select(condition: Term, first: Term, second: Term) -> Term:
    """`first if condition else second`."""
    return Apply(ops.SELECT, (condition, first, second))


def _dual(one: str, op: Op, other: Op, unit: Term, zero: Term) -> tuple[Rule, ...]:
    """`and` and `or`: `unit` leaves the other operand as it is, `zero` decides."""

    def on(first: Term, second: Term) -> Term:
        return Apply(op, (first, second))

    return (
        Rule(f"{one}_self", on(p, p), p),
        Rule(f"{one}_unit", on(p, unit), p),
        Rule(f"unit_{one}", on(unit, p), p),
        Rule(f"{one}_decided", on(p, zero), zero),
        Rule(f"decided_{one}", on(zero, p), zero),
        Rule(f"{one}_not_self", on(p, negated(p)), zero),
        Rule(f"not_self_{one}", on(negated(p), p), zero),
        Rule(f"{one}_nots", on(negated(p), negated(q)), negated(Apply(other, (p, q)))),
        Rule(f"{one}_absorbs", on(p, Apply(other, (p, q))), p),
        Rule(f"{one}_absorbs_second", on(p, Apply(other, (q, p))), p),
        Rule(f"{one}_absorbed", on(Apply(other, (p, q)), p), p),
        Rule(f"{one}_absorbed_second", on(Apply(other, (q, p)), p), p),
        Rule(f"{one}_again", on(on(p, q), q), on(p, q)),
        Rule(f"{one}_again_first", on(on(p, q), p), on(p, q)),
        Rule(f"{one}_again_right", on(p, on(p, q)), on(p, q)),
        Rule(f"{one}_again_right_second", on(q, on(p, q)), on(p, q)),
    )


BOOLEAN = (
    *_dual("and", ops.AND, ops.OR, TRUE, FALSE),
    *_dual("or", ops.OR, ops.AND, FALSE, TRUE),
    Rule("not_not", negated(negated(p)), p),
    Rule("known_true", p, TRUE, never(p.may_be_false)),
    Rule("known_false", p, FALSE, both(p.may_be_false, never(p.may_be_true))),
)

SELECTIONS = (
    Rule("select_true", select(TRUE, a, b), a),
    Rule("select_false", select(FALSE, a, b), b),
    Rule("select_same", select(p, a, a), a),
    Rule("select_not", select(negated(p), a, b), select(p, b, a)),
    Rule("select_select_first", select(p, select(p, a, r), b), select(p, a, b)),
    Rule("select_select_second", select(p, a, select(p, r, b)), select(p, a, b)),
    Rule("select_or_none", select(p, select(q, a, b), b), select(Apply(ops.AND, (p, q)), a, b)),
    Rule("select_or_either", select(p, a, select(q, a, b)), select(Apply(ops.OR, (p, q)), a, b)),
    Rule("select_true_false", select(p, TRUE, FALSE), p),
    Rule("select_false_true", select(p, FALSE, TRUE), negated(p)),
    Rule("select_true_else", select(p, TRUE, q), Apply(ops.OR, (p, q))),
    Rule("select_then_false", select(p, q, FALSE), Apply(ops.AND, (p, q))),
    Rule("select_self_else", select(p, p, q), Apply(ops.OR, (p, q))),
    Rule("select_then_self", select(p, q, p), Apply(ops.AND, (p, q))),
)

_EXACT = both(call(ops.IGE, n.lo, -(1 << 53)), call(ops.ILE, n.hi, 1 << 53))
_FITS = both(call(ops.IGE, n.lo, -(1 << 31)), call(ops.ILE, n.hi, (1 << 31) - 1))
CONVERSIONS = (
    Rule("i32_there_and_back", call(ops.I64_TO_I32, call(ops.I32_TO_I64, i)), i),
    Rule("i64_there_and_back", call(ops.I32_TO_I64, call(ops.I64_TO_I32, n)), n, _FITS),
    Rule("f32_there_and_back", call(ops.F64_TO_F32, call(ops.F32_TO_F64, s)), s),
    Rule("whole_there_and_back", call(ops.F64_TO_I64, call(ops.I64_TO_F64, n)), n, _EXACT),
    Rule("bits_f64_there_and_back", call(ops.BITS_F64, call(ops.F64_BITS, x)), x),
    Rule("bits_f32_there_and_back", call(ops.BITS_F32, call(ops.F32_BITS, s)), s),
    Rule("rint_of_whole", call(ops.RINT, call(ops.I64_TO_F64, n)), call(ops.I64_TO_F64, n)),
    Rule("floor_of_whole", call(ops.FLOOR, call(ops.I64_TO_F64, n)), call(ops.I64_TO_F64, n)),
    Rule("ceil_of_whole", call(ops.CEIL, call(ops.I64_TO_F64, n)), call(ops.I64_TO_F64, n)),
    Rule("trunc_of_whole", call(ops.TRUNC, call(ops.I64_TO_F64, n)), call(ops.I64_TO_F64, n)),
    Rule("bool_is_one", call(ops.IEQ, call(ops.BOOL_TO_I64, p), 1), p),
    Rule("bool_is_zero", call(ops.IEQ, call(ops.BOOL_TO_I64, p), 0), negated(p)),
    Rule("bool_is_not_one", call(ops.INE, call(ops.BOOL_TO_I64, p), 1), negated(p)),
    Rule("bool_is_not_zero", call(ops.INE, call(ops.BOOL_TO_I64, p), 0), p),
    Rule("enum_eq_self", Apply(ops.ENUM_EQ, (member, member)), TRUE),
)

BOOLEAN_RULES = (*BOOLEAN, *SELECTIONS, *CONVERSIONS)
