"""Every op as a Python expression.

`{a}`, `{n}`, ... stand for the op's operands by their names in the op table. An operand is put in parentheses when it binds
less tightly than the place it stands in asks for, so emitted text computes in exactly the graph's order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from dag import ops
from dag.ops import Op
from dag.words import bits_float, float_bits, wrap_i64


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
    """An expression, how tightly it binds, how tightly each operand must, and the helper it calls, if any.

    `binding` is None where the expression is its operand.
    """

    text: str
    binding: Binding | None
    needs: tuple[int, ...]
    helper: Callable[..., Any] | None = None


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
    return Lowering(f"{helper.__name__}({arguments})", Binding.ATOM, (0,) * len(operands), helper)


def _wrapped(text: str, *needs: int) -> Lowering:
    return Lowering(f"wrap_i64({text})", Binding.ATOM, needs, wrap_i64)


def _conditional(text: str, *needs: int) -> Lowering:
    return Lowering(text, Binding.CONDITIONAL, needs)


_ITSELF = Lowering("{x}", None, (0,))
# Python's own `min` and `max`, spelled out: the order of the operands decides NaN and signed zero.
_MIN = _conditional("{b} if {b} < {a} else {a}", Binding.BIT_OR, Binding.BIT_OR)
_MAX = _conditional("{b} if {b} > {a} else {a}", Binding.BIT_OR, Binding.BIT_OR)

TABLE: Mapping[Op, Lowering] = {
    ops.ADD: _binary("+", Binding.SUM),
    ops.SUB: _binary("-", Binding.SUM),
    ops.MUL: _binary("*", Binding.PRODUCT),
    ops.DIV: _helper(ops.ieee_div, "a", "b"),  # Python's `/` raises where IEEE division has a value
    ops.NEG: _prefix("-", Binding.SIGN),
    ops.ABS: _call("abs"),
    ops.SQRT: _helper(ops.ieee_sqrt, "x"),
    ops.MIN: _MIN,
    ops.MAX: _MAX,
    ops.RINT: _helper(ops.rint, "x"),
    ops.FLOOR: _helper(ops.floor, "x"),
    ops.CEIL: _helper(ops.ceil, "x"),
    ops.TRUNC: _helper(ops.trunc, "x"),
    ops.LT: _binary("<", Binding.COMPARISON),
    ops.LE: _binary("<=", Binding.COMPARISON),
    ops.GT: _binary(">", Binding.COMPARISON),
    ops.GE: _binary(">=", Binding.COMPARISON),
    ops.EQ: _binary("==", Binding.COMPARISON),
    ops.NE: _binary("!=", Binding.COMPARISON),
    ops.IADD: _wrapped("{a} + {b}", Binding.SUM, Binding.PRODUCT),
    ops.ISUB: _wrapped("{a} - {b}", Binding.SUM, Binding.PRODUCT),
    ops.IMUL: _wrapped("{a} * {b}", Binding.PRODUCT, Binding.SIGN),
    ops.INEG: _wrapped("-{x}", Binding.SIGN),
    ops.IABS: _wrapped("abs({x})", 0),
    ops.IMIN: _MIN,
    ops.IMAX: _MAX,
    ops.IAND: _binary("&", Binding.BIT_AND),
    ops.IOR: _binary("|", Binding.BIT_OR),
    ops.IXOR: _binary("^", Binding.BIT_XOR),
    ops.SHL: _wrapped("{a} << ({n} & 63)", Binding.SHIFT, Binding.BIT_AND),
    ops.SHR: Lowering("{a} >> ({n} & 63)", Binding.SHIFT, (Binding.SHIFT, Binding.BIT_AND)),
    ops.ILT: _binary("<", Binding.COMPARISON),
    ops.ILE: _binary("<=", Binding.COMPARISON),
    ops.IGT: _binary(">", Binding.COMPARISON),
    ops.IGE: _binary(">=", Binding.COMPARISON),
    ops.IEQ: _binary("==", Binding.COMPARISON),
    ops.INE: _binary("!=", Binding.COMPARISON),
    ops.AND: _binary("and", Binding.AND),
    ops.OR: _binary("or", Binding.OR),
    ops.NOT: _prefix("not ", Binding.NOT),
    ops.ENUM_EQ: _binary("==", Binding.COMPARISON),
    # The last alternative may be a conditional itself: chains of choices read as `a if p else b if q else c`.
    ops.SELECT: _conditional("{a} if {condition} else {b}", Binding.OR, Binding.OR, Binding.CONDITIONAL),
    ops.I64_TO_F64: _call("float", "n"),
    ops.F64_TO_I64: _helper(ops.saturating_i64, "x"),
    ops.BOOL_TO_I64: _call("int"),
    ops.ENUM_TO_I64: _ITSELF,
    ops.F64_BITS: _helper(float_bits, "x"),
    ops.BITS_F64: _helper(bits_float, "n"),
    ops.AS_UNIT: _ITSELF,
}

#: Division by a constant that is neither zero nor NaN, where Python's `/` is IEEE division.
DIVISION_BY_CONSTANT = _binary("/", Binding.PRODUCT)
