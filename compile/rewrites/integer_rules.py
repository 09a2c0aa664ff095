"""Rules about i64, which is two's complement: sums may be reassociated, and products with powers of two are shifts."""

from __future__ import annotations

from compile.rewrites.float_rules import FALSE, TRUE, both, either
from compile.rewrites.pattern import Apply, FoldedConstant, Hole, Literal, Log2, Rule, Term, call
from dag.operators import table as ops
from dag.operators.op import Op
from dag.values.types import I64

n, m = (Hole(name, I64) for name in "nm")
c, d = (Hole(name, I64, constant=True) for name in "cd")
ZERO = Literal(0, I64)

_POWER = both(call(ops.IGT, c, 0), call(ops.IEQ, call(ops.IAND, c, call(ops.ISUB, c, 1)), 0))
_BELOW, _ABOVE = call(ops.ILT, n.hi, m.lo), call(ops.IGT, n.lo, m.hi)
_AT_MOST, _AT_LEAST = call(ops.ILE, n.hi, m.lo), call(ops.IGE, n.lo, m.hi)

ARITHMETIC = (
    Rule("iadd_zero", call(ops.IADD, n, 0), n),
    Rule("zero_iadd", call(ops.IADD, 0, n), n),
    Rule("iadd_ineg", call(ops.IADD, n, call(ops.INEG, m)), call(ops.ISUB, n, m)),
    Rule("iadd_iadd", call(ops.IADD, call(ops.IADD, n, c), d), call(ops.IADD, n, FoldedConstant(call(ops.IADD, c, d)))),
    Rule("iadd_isub", call(ops.IADD, call(ops.ISUB, n, c), d), call(ops.IADD, n, FoldedConstant(call(ops.ISUB, d, c)))),
    Rule("isub_iadd", call(ops.ISUB, call(ops.IADD, n, c), d), call(ops.IADD, n, FoldedConstant(call(ops.ISUB, c, d)))),
    Rule("isub_back", call(ops.ISUB, call(ops.IADD, n, m), m), n),
    Rule("isub_zero", call(ops.ISUB, n, 0), n),
    Rule("isub_self", call(ops.ISUB, n, n), ZERO),
    Rule("isub_ineg", call(ops.ISUB, n, call(ops.INEG, m)), call(ops.IADD, n, m)),
    Rule("zero_isub", call(ops.ISUB, 0, n), call(ops.INEG, n)),
    Rule("ineg_ineg", call(ops.INEG, call(ops.INEG, n)), n),
    Rule("ineg_isub", call(ops.INEG, call(ops.ISUB, n, m)), call(ops.ISUB, m, n)),
    Rule("iabs_ineg", call(ops.IABS, call(ops.INEG, n)), call(ops.IABS, n)),
    Rule("iabs_iabs", call(ops.IABS, call(ops.IABS, n)), call(ops.IABS, n)),
    Rule("iabs_of_positive", call(ops.IABS, n), n, call(ops.IGE, n.lo, 0)),
    Rule("imul_one", call(ops.IMUL, n, 1), n),
    Rule("one_imul", call(ops.IMUL, 1, n), n),
    Rule("imul_zero", call(ops.IMUL, n, 0), ZERO),
    Rule("zero_imul", call(ops.IMUL, 0, n), ZERO),
    Rule("imul_minus_one", call(ops.IMUL, n, -1), call(ops.INEG, n)),
    Rule("imul_power_of_two", call(ops.IMUL, n, c), call(ops.SHL, n, Log2(c)), _POWER),
    Rule("idiv_one", call(ops.IDIV, n, 1), n),
    Rule("idiv_power_of_two", call(ops.IDIV, n, c), call(ops.SHR, n, Log2(c)), _POWER),
    Rule("imod_one", call(ops.IMOD, n, 1), ZERO),
    Rule("imod_power_of_two", call(ops.IMOD, n, c), call(ops.IAND, n, FoldedConstant(call(ops.ISUB, c, 1))), _POWER),
    Rule("imod_inside", call(ops.IMOD, n, m), n, both(call(ops.IGE, n.lo, 0), call(ops.ILT, n.hi, m.lo))),
    Rule("iand_self", call(ops.IAND, n, n), n),
    Rule("iand_zero", call(ops.IAND, n, 0), ZERO),
    Rule("iand_ones", call(ops.IAND, n, -1), n),
    Rule("ior_self", call(ops.IOR, n, n), n),
    Rule("ior_zero", call(ops.IOR, n, 0), n),
    Rule("ixor_self", call(ops.IXOR, n, n), ZERO),
    Rule("ixor_zero", call(ops.IXOR, n, 0), n),
    Rule("ixor_back", call(ops.IXOR, call(ops.IXOR, n, m), m), n),
    Rule("shl_zero", call(ops.SHL, n, 0), n),
    Rule("shr_zero", call(ops.SHR, n, 0), n),
)


def _choice(op: Op, strictly: Op) -> tuple[Rule, ...]:
    less = strictly is ops.ILT
    n_first, m_first = (_AT_MOST, _AT_LEAST) if less else (_AT_LEAST, _AT_MOST)
    inner, mirrored = call(op, n, m), ops.IGT if less else ops.ILT
    return (
        Rule(f"{op.name}_self", call(op, n, n), n),
        Rule(f"{op.name}_again_right", call(op, inner, m), inner),
        Rule(f"{op.name}_again_left", call(op, inner, n), inner),
        Rule(f"{op.name}_is_first", call(op, n, m), n, n_first),
        Rule(f"{op.name}_is_second", call(op, n, m), m, m_first),
        Rule(f"{op.name}_constants", call(op, call(op, n, c), d), call(op, n, FoldedConstant(call(op, c, d)))),
        Rule(f"select_is_{op.name}", Apply(ops.SELECT, (call(strictly, m, n), m, n)), call(op, n, m)),
        Rule(f"select_is_{op.name}_mirrored", Apply(ops.SELECT, (call(mirrored, n, m), m, n)), call(op, n, m)),
    )


def _compared(op: Op, on_equal: bool, inverse: Op, true: Term, false: Term) -> tuple[Rule, ...]:
    return (
        Rule(f"{op.name}_self", call(op, n, n), TRUE if on_equal else FALSE),
        Rule(f"{op.name}_always", call(op, n, m), TRUE, true),
        Rule(f"{op.name}_never", call(op, n, m), FALSE, false),
        Rule(f"not_{op.name}", Apply(ops.NOT, (call(op, n, m),)), call(inverse, n, m)),
    )


_EQUAL = both(call(ops.IEQ, n.lo, n.hi), call(ops.IEQ, m.lo, m.hi), call(ops.IEQ, n.lo, m.lo))
COMPARISONS = (
    *_compared(ops.ILT, False, ops.IGE, _BELOW, _AT_LEAST),
    *_compared(ops.ILE, True, ops.IGT, _AT_MOST, _ABOVE),
    *_compared(ops.IGT, False, ops.ILE, _ABOVE, _AT_MOST),
    *_compared(ops.IGE, True, ops.ILT, _AT_LEAST, _BELOW),
    *_compared(ops.IEQ, True, ops.INE, _EQUAL, either(_BELOW, _ABOVE)),
    *_compared(ops.INE, False, ops.IEQ, either(_BELOW, _ABOVE), _EQUAL),
)

KNOWN = (Rule("known_integer", n, FoldedConstant(n.lo), call(ops.IEQ, n.lo, n.hi)),)

INTEGER_RULES = (*ARITHMETIC, *_choice(ops.IMIN, ops.ILT), *_choice(ops.IMAX, ops.IGT), *COMPARISONS, *KNOWN)
