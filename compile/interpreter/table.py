"""Every op as a Python expression.

`{a}`, `{n}`, ... stand for the op's operands by their names in the op table. An operand is put in parentheses when it binds
less tightly than the place it stands in asks for, so emitted text computes in exactly the graph's order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from dag.operators import meanings
from dag.operators import table as ops
from dag.operators.op import Op
from dag.values.words import bits_float, bits_float_32, float_bits, float_bits_32, round_f32, wrap_i32, wrap_i64


class Binding(IntEnum):
    """How tightly a Python expression holds together, loosest first."""

    CONDITIONAL = 0
    OR = 1
    AND = 2
    NOT = 3
    COMPARISON = 4
    BIT_OR = 5
    BIT_XOR = 6
    BIT_AND = 7
    SHIFT = 8
    SUM = 9
    PRODUCT = 10
    SIGN = 11
    ATOM = 12


@dataclass(frozen=True, slots=True)
class Lowering:
    """An expression, how tightly it binds, how tightly each operand must, and the helpers it calls.

    `binding` is None where the expression is its operand.
    """

    text: str
    binding: Binding | None
    needs: tuple[int, ...]
    helpers: tuple[Callable[..., Any], ...] = ()


def _binary(symbol: str, binding: Binding) -> Lowering:
    """`a - b - c` is `(a - b) - c`: only the right operand has to bind tighter. Python chains comparisons: both do."""
    left = binding + 1 if binding is Binding.COMPARISON else binding
    return Lowering(f"{{a}} {symbol} {{b}}", binding, (left, binding + 1))


def _prefix(symbol: str, binding: Binding) -> Lowering:
    return Lowering(f"{symbol}{{x}}", binding, (binding,))


def _call(function: str, operand: str = "x") -> Lowering:
    return Lowering(f"{function}({{{operand}}})", Binding.ATOM, (0,))


def _helper(helper: Callable[..., Any], *operands: str) -> Lowering:
    arguments = ", ".join(f"{{{operand}}}" for operand in operands)
    return Lowering(f"{helper.__name__}({arguments})", Binding.ATOM, (0,) * len(operands), (helper,))


def _wrapped(text: str, *needs: int) -> Lowering:
    return Lowering(f"wrap_i64({text})", Binding.ATOM, needs, (wrap_i64,))


def _rounded(text: str, *needs: int, calls: tuple[Callable[..., Any], ...] = ()) -> Lowering:
    """Computed as binary64, then rounded to binary32."""
    return Lowering(f"round_f32({text})", Binding.ATOM, needs, (round_f32, *calls))


def _conditional(text: str, *needs: int) -> Lowering:
    return Lowering(text, Binding.CONDITIONAL, needs)


_ITSELF = Lowering("{x}", None, (0,))
# Python's own `min` and `max`, spelled out: the order of the operands decides NaN and signed zero.
_MIN = _conditional("{b} if {b} < {a} else {a}", Binding.BIT_OR, Binding.BIT_OR)
_MAX = _conditional("{b} if {b} > {a} else {a}", Binding.BIT_OR, Binding.BIT_OR)
_NEG = _prefix("-", Binding.SIGN)
_ABS = _call("abs")
_RINT = _helper(meanings.rint, "x")
_FLOOR = _helper(meanings.floor, "x")
_CEIL = _helper(meanings.ceil, "x")
_TRUNC = _helper(meanings.trunc, "x")
_LT = _binary("<", Binding.COMPARISON)
_LE = _binary("<=", Binding.COMPARISON)
_GT = _binary(">", Binding.COMPARISON)
_GE = _binary(">=", Binding.COMPARISON)
_EQ = _binary("==", Binding.COMPARISON)
_NE = _binary("!=", Binding.COMPARISON)
_TO_I64 = _helper(meanings.saturating_i64, "x")

TABLE: Mapping[Op, Lowering] = {
    ops.ADD: _binary("+", Binding.SUM),
    ops.SUB: _binary("-", Binding.SUM),
    ops.MUL: _binary("*", Binding.PRODUCT),
    ops.DIV: _helper(meanings.ieee_div, "a", "b"),  # Python's `/` raises where IEEE division has a value
    ops.NEG: _NEG,
    ops.ABS: _ABS,
    ops.SQRT: _helper(meanings.ieee_sqrt, "x"),
    ops.MIN: _MIN,
    ops.MAX: _MAX,
    ops.RINT: _RINT,
    ops.FLOOR: _FLOOR,
    ops.CEIL: _CEIL,
    ops.TRUNC: _TRUNC,
    ops.LT: _LT,
    ops.LE: _LE,
    ops.GT: _GT,
    ops.GE: _GE,
    ops.EQ: _EQ,
    ops.NE: _NE,
    ops.FMA: _helper(meanings.fused_multiply_add, "a", "b", "c"),
    ops.FLUSH: _helper(meanings.flush, "x"),
    ops.ADD_F32: _rounded("{a} + {b}", Binding.SUM, Binding.PRODUCT),
    ops.SUB_F32: _rounded("{a} - {b}", Binding.SUM, Binding.PRODUCT),
    ops.MUL_F32: _rounded("{a} * {b}", Binding.PRODUCT, Binding.SIGN),
    ops.DIV_F32: _rounded("ieee_div({a}, {b})", 0, 0, calls=(meanings.ieee_div,)),
    ops.SQRT_F32: _rounded("ieee_sqrt({x})", 0, calls=(meanings.ieee_sqrt,)),
    ops.NEG_F32: _NEG,
    ops.ABS_F32: _ABS,
    ops.FMA_F32: _helper(meanings.fused_multiply_add_32, "a", "b", "c"),
    ops.MIN_F32: _MIN,
    ops.MAX_F32: _MAX,
    ops.RINT_F32: _RINT,
    ops.FLOOR_F32: _FLOOR,
    ops.CEIL_F32: _CEIL,
    ops.TRUNC_F32: _TRUNC,
    ops.FLUSH_F32: _helper(meanings.flush_32, "x"),
    ops.LT_F32: _LT,
    ops.LE_F32: _LE,
    ops.GT_F32: _GT,
    ops.GE_F32: _GE,
    ops.EQ_F32: _EQ,
    ops.NE_F32: _NE,
    ops.IADD: _wrapped("{a} + {b}", Binding.SUM, Binding.PRODUCT),
    ops.ISUB: _wrapped("{a} - {b}", Binding.SUM, Binding.PRODUCT),
    ops.IMUL: _wrapped("{a} * {b}", Binding.PRODUCT, Binding.SIGN),
    ops.IDIV: _helper(meanings.floor_div, "a", "b"),
    ops.IMOD: _helper(meanings.floor_mod, "a", "b"),
    ops.INEG: _wrapped("-{x}", Binding.SIGN),
    ops.IABS: _wrapped("abs({x})", 0),
    ops.IMIN: _MIN,
    ops.IMAX: _MAX,
    ops.IAND: _binary("&", Binding.BIT_AND),
    ops.IOR: _binary("|", Binding.BIT_OR),
    ops.IXOR: _binary("^", Binding.BIT_XOR),
    ops.SHL: _wrapped("{a} << ({n} & 63)", Binding.SHIFT, Binding.BIT_AND),
    ops.SHR: Lowering("{a} >> ({n} & 63)", Binding.SHIFT, (Binding.SHIFT, Binding.BIT_AND)),
    ops.MULTIPLY_HIGH: _helper(meanings.multiply_high, "a", "b"),
    ops.LSHR: _helper(meanings.logical_shift_right, "a", "n"),
    ops.ULT: _helper(meanings.unsigned_less, "a", "b"),
    ops.CLZ: _helper(meanings.leading_zeros, "x"),
    # `{table}` is the name of its table.
    ops.LOOKUP: Lowering("looked_up({table}, {n})", Binding.ATOM, (0,), (meanings.looked_up,)),
    ops.ILT: _LT,
    ops.ILE: _LE,
    ops.IGT: _GT,
    ops.IGE: _GE,
    ops.IEQ: _EQ,
    ops.INE: _NE,
    ops.AND: _binary("and", Binding.AND),
    ops.OR: _binary("or", Binding.OR),
    ops.NOT: _prefix("not ", Binding.NOT),
    ops.ENUM_EQ: _EQ,
    # The last alternative may be a conditional itself: chains of choices read as `a if p else b if q else c`.
    ops.SELECT: _conditional("{a} if {condition} else {b}", Binding.OR, Binding.OR, Binding.CONDITIONAL),
    ops.I64_TO_F64: _call("float", "n"),
    ops.F64_TO_I64: _TO_I64,
    ops.F64_TO_F32: _helper(round_f32, "x"),
    ops.F32_TO_F64: _ITSELF,
    ops.I64_TO_F32: _helper(meanings.i64_to_f32, "n"),
    ops.F32_TO_I64: _TO_I64,
    ops.I64_TO_I32: _helper(wrap_i32, "n"),
    ops.I32_TO_I64: Lowering("{n}", None, (0,)),
    ops.BOOL_TO_I64: _call("int"),
    ops.ENUM_TO_I64: _ITSELF,
    ops.F64_BITS: _helper(float_bits, "x"),
    ops.BITS_F64: _helper(bits_float, "n"),
    ops.F32_BITS: _helper(float_bits_32, "x"),
    ops.BITS_F32: _helper(bits_float_32, "n"),
    ops.GET: _helper(meanings.element, "array", "index"),
    ops.PUT: _helper(meanings.replaced, "array", "index", "value", "enable"),
    ops.ROTATE: _helper(meanings.rotated, "array"),
    ops.SPREAD: _helper(meanings.spread, "x", "like"),
    ops.INDEXES: _helper(meanings.indexes, "like"),
    **{op: _helper(op.meaning, *op.operands) for op in sorted(ops.FOLDS, key=str)},
    ops.AS_UNIT: _ITSELF,
}

#: Division by a constant that is neither zero nor NaN, where Python's `/` is IEEE division.
DIVISION_BY_CONSTANT = _binary("/", Binding.PRODUCT)
