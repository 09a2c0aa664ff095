"""Every op in C: its expression on one row (`kernel.c`) and on a vector of instances (`batch.c`).

`{a}`, `{n}`, ... stand for the op's operands by their names in the op table, already an identifier or a parenthesised
literal. On vectors a bool is a mask, all ones or all zeros in its lane. `{T}` is
what holds the result: f64 or i64. `{length}` is that of an array; what is read from one and put into one are words, as in the state. `{table}` and `{size}` are the
constant table of a lookup (`compile.c.text.tables`) and its length.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dag.operators import table as ops
from dag.operators.op import Op


@dataclass(frozen=True, slots=True)
class Lowering:
    """One op's two expressions; helpers they call are defined in `row_helpers` and `vector_helpers`."""

    row: str
    vector: str


def _same(expression: str) -> Lowering:
    return Lowering(expression, expression)


def _helper(name: str, operands: str) -> Lowering:
    return _same(f"{name}({operands})")


def _rounded(expression: str) -> Lowering:
    return Lowering(expression, f"dagc_round_f32({expression})")


def _exact(expression: str) -> Lowering:
    """A helper on doubles whose result binary32 holds."""
    return Lowering(f"(float){expression}", expression)


# Not fmin and fmax: those drop NaN, and their zero depends on the library.
_MIN = Lowering("{b} < {a} ? {b} : {a}", "dagc_min({a}, {b})")
_MAX = Lowering("{b} > {a} ? {b} : {a}", "dagc_max({a}, {b})")

TABLE: Mapping[Op, Lowering] = {
    # Compiled with -ffp-contract=off: otherwise a * b + c would round once instead of twice.
    ops.ADD: _same("{a} + {b}"),
    ops.SUB: _same("{a} - {b}"),
    ops.MUL: _same("{a} * {b}"),
    ops.DIV: _same("{a} / {b}"),
    ops.NEG: _same("-{x}"),
    ops.ABS: _helper("dagc_abs", "{x}"),
    ops.SQRT: _helper("dagc_sqrt", "{x}"),
    ops.GET: Lowering("dagc_get_{T}({array}, {length}, {index})", "dagc_get({array}, {length}, {index}, dagc_at)"),
    ops.PUT: Lowering(
        "dagc_put_{T}({array}, {length}, {index}, {value}, {enable})",
        "dagc_put({array}, {length}, {index}, {value}, {enable}, dagc_at)",
    ),
    **{
        op: Lowering(
            f"dagc_{op.name}({{array}}, {{length}}, {{first}}, {{count}}, {{initial}})",
            f"dagc_{op.name}s({{array}}, {{length}}, {{first}}, {{count}}, {{initial}})",
        )
        for op in sorted(ops.FOLDS, key=str)
    },
    ops.SPREAD: _same("{x}"),
    ops.INDEXES: Lowering("(int64_t)dagc_k", "dagc_all_i64(dagc_k)"),
    ops.ROTATE: _same("{array}"),  # the loop around it reads one place further on
    ops.MIN: _MIN,
    ops.MAX: _MAX,
    ops.RINT: _helper("dagc_rint", "{x}"),
    ops.FLOOR: _helper("dagc_floor", "{x}"),
    ops.CEIL: _helper("dagc_ceil", "{x}"),
    ops.TRUNC: _helper("dagc_trunc", "{x}"),
    ops.LT: _same("{a} < {b}"),
    ops.LE: _same("{a} <= {b}"),
    ops.GT: _same("{a} > {b}"),
    ops.GE: _same("{a} >= {b}"),
    ops.EQ: _same("{a} == {b}"),
    ops.NE: _same("{a} != {b}"),
    ops.FMA: Lowering("dagc_fma({a}, {b}, {c})", "dagc_fmas({a}, {b}, {c})"),
    ops.FLUSH: _helper("dagc_flush", "{x}, 0x1p-1022"),
    # A row computes in float. A vector holds binary32 numbers as doubles and rounds what it computes: 53 bits are more than
    # twice 24 and two, so rounding twice is rounding once.
    ops.ADD_F32: _rounded("{a} + {b}"),
    ops.SUB_F32: _rounded("{a} - {b}"),
    ops.MUL_F32: _rounded("{a} * {b}"),
    ops.DIV_F32: _rounded("{a} / {b}"),
    ops.NEG_F32: _same("-{x}"),
    ops.ABS_F32: _exact("dagc_abs({x})"),
    ops.SQRT_F32: Lowering("(float)dagc_sqrt({x})", "dagc_round_f32(dagc_sqrt({x}))"),
    ops.FMA_F32: Lowering("(float)dagc_fma_f32({a}, {b}, {c})", "dagc_fmas_f32({a}, {b}, {c})"),
    ops.MIN_F32: _MIN,
    ops.MAX_F32: _MAX,
    ops.RINT_F32: _exact("dagc_rint({x})"),
    ops.FLOOR_F32: _exact("dagc_floor({x})"),
    ops.CEIL_F32: _exact("dagc_ceil({x})"),
    ops.TRUNC_F32: _exact("dagc_trunc({x})"),
    ops.FLUSH_F32: _exact("dagc_flush({x}, 0x1p-126)"),
    ops.LT_F32: _same("{a} < {b}"),
    ops.LE_F32: _same("{a} <= {b}"),
    ops.GT_F32: _same("{a} > {b}"),
    ops.GE_F32: _same("{a} >= {b}"),
    ops.EQ_F32: _same("{a} == {b}"),
    ops.NE_F32: _same("{a} != {b}"),
    ops.IADD: _helper("dagc_iadd", "{a}, {b}"),
    ops.ISUB: _helper("dagc_isub", "{a}, {b}"),
    ops.IMUL: _helper("dagc_imul", "{a}, {b}"),
    ops.IDIV: Lowering("dagc_idiv({a}, {b})", "dagc_idivs({a}, {b})"),
    ops.IMOD: Lowering("dagc_imod({a}, {b})", "dagc_imods({a}, {b})"),
    ops.INEG: _helper("dagc_ineg", "{x}"),
    ops.IABS: Lowering("{x} < 0 ? dagc_ineg({x}) : {x}", "dagc_select_i64({x} < 0, dagc_ineg({x}), {x})"),
    ops.IMIN: Lowering("{b} < {a} ? {b} : {a}", "dagc_select_i64({b} < {a}, {b}, {a})"),
    ops.IMAX: Lowering("{b} > {a} ? {b} : {a}", "dagc_select_i64({b} > {a}, {b}, {a})"),
    ops.IAND: _same("{a} & {b}"),
    ops.IOR: _same("{a} | {b}"),
    ops.IXOR: _same("{a} ^ {b}"),
    ops.SHL: _helper("dagc_shl", "{a}, {n}"),
    ops.SHR: _helper("dagc_shr", "{a}, {n}"),
    ops.MULTIPLY_HIGH: _helper("dagc_multiply_high", "{a}, {b}"),
    ops.LSHR: _helper("dagc_lshr", "{a}, {n}"),
    ops.ULT: _helper("dagc_ult", "{a}, {b}"),
    ops.CLZ: _helper("dagc_clz", "{x}"),
    ops.LOOKUP: Lowering("dagc_lookup({table}, {size}, {n})", "dagc_lookups({table}, {size}, {n})"),
    ops.ILT: _same("{a} < {b}"),
    ops.ILE: _same("{a} <= {b}"),
    ops.IGT: _same("{a} > {b}"),
    ops.IGE: _same("{a} >= {b}"),
    ops.IEQ: _same("{a} == {b}"),
    ops.INE: _same("{a} != {b}"),
    ops.AND: Lowering("{a} && {b}", "{a} & {b}"),
    ops.OR: Lowering("{a} || {b}", "{a} | {b}"),
    ops.NOT: Lowering("!{x}", "~{x}"),
    ops.ENUM_EQ: _same("{a} == {b}"),
    ops.SELECT: Lowering("{condition} ? {a} : {b}", "dagc_select_{T}({condition}, {a}, {b})"),
    ops.I64_TO_F64: Lowering("(double){n}", "dagc_i64_to_f64({n})"),
    ops.F64_TO_I64: _helper("dagc_f64_to_i64", "{x}"),
    ops.F64_TO_F32: Lowering("(float){x}", "dagc_round_f32({x})"),
    ops.F32_TO_F64: Lowering("(double){x}", "{x}"),
    ops.I64_TO_F32: Lowering("(float){n}", "dagc_i64_to_f32({n})"),
    ops.F32_TO_I64: _helper("dagc_f64_to_i64", "{x}"),
    ops.I64_TO_I32: Lowering("(int32_t)(uint32_t){n}", "dagc_wrap_i32({n})"),
    ops.I32_TO_I64: Lowering("(int64_t){n}", "{n}"),
    ops.BOOL_TO_I64: Lowering("(int64_t){x}", "{x} & 1"),
    ops.ENUM_TO_I64: _same("{x}"),
    ops.F64_BITS: _helper("dagc_f64_bits", "{x}"),
    ops.BITS_F64: _helper("dagc_bits_f64", "{n}"),
    ops.F32_BITS: _helper("dagc_f32_bits", "{x}"),
    ops.BITS_F32: _helper("dagc_bits_f32", "{n}"),
    ops.AS_UNIT: _same("{x}"),
}
