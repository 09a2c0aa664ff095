"""The op table: one row per operator, read by the tracer and by every backend.

A row says what is true on every target: operand names, types, how units combine, and `meaning`, the Python function
that every backend must equal bit for bit. Values are Python's own: f64 is `float`, i64 and enum codes are `int`, bool is
`bool`. Every NaN that reaches a tap is the one canonical quiet NaN, so no meaning here speaks of NaN payloads.

Adding an op is one row here and one line in each backend's table; a test asserts that every backend is total.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, unique
from typing import Any

from dag.types import BOOL, F64, I64, Kind, Type
from dag.words import bits_float, float_bits, wrap_i64


@unique
class UnitRule(Enum):
    """How the units of the operands decide the unit of the result."""

    SAME = "all operands share one unit, which the result keeps"
    PRODUCT = "the units multiply"
    QUOTIENT = "the units divide"
    ROOT = "the square root of the unit"
    COMPARED = "all operands share one unit; the result has none"
    CHOSEN = "the two alternatives share one unit, which the result keeps"
    PLAIN = "operands and result have no unit"
    DROPPED = "any unit comes in; the result has none"
    RELABELLED = "the node says its own unit"


class AnyType(Enum):
    """Stands for 'whatever type, the same for every operand marked so' in an op's signature."""

    T = "T"


T = AnyType.T
Signature = Type | AnyType | Kind


@dataclass(frozen=True, slots=True)
class Op:
    """One operator. `takes`/`gives` hold a `Type`, `Kind.ENUM` (any one enum) or `T` (any one type)."""

    name: str
    operands: tuple[str, ...]
    takes: tuple[Signature, ...]
    gives: Signature
    units: UnitRule
    meaning: Callable[..., Any]
    doc: str

    def __str__(self) -> str:
        return self.name

    def result_type(self, operand_types: tuple[Type, ...]) -> Type | None:
        """The result's type, or None where the operand types do not fit this op."""
        if len(operand_types) != len(self.takes):
            return None
        bound: Type | None = None
        for wanted, got in zip(self.takes, operand_types, strict=True):
            match wanted:
                case Type():
                    if got != wanted:
                        return None
                case _:
                    if (wanted is Kind.ENUM and got.kind is not Kind.ENUM) or bound not in (None, got):
                        return None
                    bound = got
        return self.gives if isinstance(self.gives, Type) else bound


# --- meanings that Python has no one word for -------------------------------------------------------------------


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


def _op(
    name: str,
    operands: str,
    takes: tuple[Signature, ...],
    gives: Signature,
    units: UnitRule,
    meaning: Callable[..., Any],
    doc: str,
) -> Op:
    return Op(name, tuple(operands.split()), takes, gives, units, meaning, doc)


FF, II, BB = (F64, F64), (I64, I64), (BOOL, BOOL)
SAME, COMPARED, PLAIN = UnitRule.SAME, UnitRule.COMPARED, UnitRule.PLAIN

ADD = _op("add", "a b", FF, F64, SAME, lambda a, b: a + b, "IEEE a + b, rounded to nearest even.")
SUB = _op("sub", "a b", FF, F64, SAME, lambda a, b: a - b, "IEEE a - b.")
MUL = _op("mul", "a b", FF, F64, UnitRule.PRODUCT, lambda a, b: a * b, "IEEE a * b, never fused with an add.")
DIV = _op("div", "a b", FF, F64, UnitRule.QUOTIENT, ieee_div, "IEEE a / b: x/0 is a signed infinity, 0/0 is NaN.")
NEG = _op("neg", "x", (F64,), F64, SAME, lambda x: -x, "The sign bit flipped.")
ABS = _op("abs", "x", (F64,), F64, SAME, abs, "The sign bit cleared.")
SQRT = _op("sqrt", "x", (F64,), F64, UnitRule.ROOT, ieee_sqrt, "Correctly rounded; NaN below zero, -0.0 for -0.0.")
MIN = _op(
    "min", "a b", FF, F64, SAME, python_min,
    "Python's min: `b if b < a else a`. Not C's fmin: argument order decides NaN and signed zero.",
)  # fmt: skip
MAX = _op("max", "a b", FF, F64, SAME, python_max, "Python's max: `b if b > a else a`. Not C's fmax.")
RINT = _op("rint", "x", (F64,), F64, SAME, rint, "To an integral value, ties to even, sign of zero kept.")
FLOOR = _op("floor", "x", (F64,), F64, SAME, floor, "To an integral value, downwards, sign of zero kept.")
CEIL = _op("ceil", "x", (F64,), F64, SAME, ceil, "To an integral value, upwards, sign of zero kept.")
TRUNC = _op("trunc", "x", (F64,), F64, SAME, trunc, "To an integral value, toward zero, sign of zero kept.")

LT = _op("lt", "a b", FF, BOOL, COMPARED, lambda a, b: a < b, "a < b; false when either is NaN.")
LE = _op("le", "a b", FF, BOOL, COMPARED, lambda a, b: a <= b, "a <= b; false when either is NaN.")
GT = _op("gt", "a b", FF, BOOL, COMPARED, lambda a, b: a > b, "a > b; false when either is NaN.")
GE = _op("ge", "a b", FF, BOOL, COMPARED, lambda a, b: a >= b, "a >= b; false when either is NaN.")
EQ = _op("eq", "a b", FF, BOOL, COMPARED, lambda a, b: a == b, "a == b; -0.0 equals 0.0, NaN equals nothing.")
NE = _op("ne", "a b", FF, BOOL, COMPARED, lambda a, b: a != b, "a != b; true when either is NaN.")

IADD = _op("iadd", "a b", II, I64, SAME, lambda a, b: wrap_i64(a + b), "Two's complement a + b.")
ISUB = _op("isub", "a b", II, I64, SAME, lambda a, b: wrap_i64(a - b), "Two's complement a - b.")
IMUL = _op("imul", "a b", II, I64, UnitRule.PRODUCT, lambda a, b: wrap_i64(a * b), "Two's complement a * b.")
INEG = _op("ineg", "x", (I64,), I64, SAME, lambda x: wrap_i64(-x), "Two's complement -x.")
IABS = _op("iabs", "x", (I64,), I64, SAME, lambda x: wrap_i64(abs(x)), "Two's complement |x|.")
IMIN = _op("imin", "a b", II, I64, SAME, python_min, "The smaller of two integers.")
IMAX = _op("imax", "a b", II, I64, SAME, python_max, "The larger of two integers.")
IAND = _op("iand", "a b", II, I64, PLAIN, lambda a, b: a & b, "Bitwise and.")
IOR = _op("ior", "a b", II, I64, PLAIN, lambda a, b: a | b, "Bitwise or.")
IXOR = _op("ixor", "a b", II, I64, PLAIN, lambda a, b: a ^ b, "Bitwise exclusive or.")
SHL = _op("shl", "a n", II, I64, PLAIN, lambda a, n: wrap_i64(a << (n & 63)), "a << (n mod 64), two's complement.")
SHR = _op("shr", "a n", II, I64, PLAIN, lambda a, n: a >> (n & 63), "a >> (n mod 64), arithmetic (floors).")
ILT = _op("ilt", "a b", II, BOOL, COMPARED, lambda a, b: a < b, "a < b.")
ILE = _op("ile", "a b", II, BOOL, COMPARED, lambda a, b: a <= b, "a <= b.")
IGT = _op("igt", "a b", II, BOOL, COMPARED, lambda a, b: a > b, "a > b.")
IGE = _op("ige", "a b", II, BOOL, COMPARED, lambda a, b: a >= b, "a >= b.")
IEQ = _op("ieq", "a b", II, BOOL, COMPARED, lambda a, b: a == b, "a == b.")
INE = _op("ine", "a b", II, BOOL, COMPARED, lambda a, b: a != b, "a != b.")

AND = _op("and", "a b", BB, BOOL, PLAIN, lambda a, b: a and b, "Both.")
OR = _op("or", "a b", BB, BOOL, PLAIN, lambda a, b: a or b, "Either.")
NOT = _op("not", "x", (BOOL,), BOOL, PLAIN, lambda x: not x, "The other one.")
ENUM_EQ = _op("enum_eq", "a b", (Kind.ENUM, Kind.ENUM), BOOL, PLAIN, lambda a, b: a == b, "The same member.")

SELECT = _op(
    "select", "condition a b", (BOOL, T, T), T, UnitRule.CHOSEN, lambda condition, a, b: a if condition else b,
    "`a if condition else b`; both sides are computed, neither can trap.",
)  # fmt: skip
I64_TO_F64 = _op("i64_to_f64", "n", (I64,), F64, SAME, float, "float(n), rounded to nearest even.")
F64_TO_I64 = _op(
    "f64_to_i64", "x", (F64,), I64, SAME, saturating_i64,
    "int(x): toward zero. Out of range it saturates, and NaN gives 0, where Python raises.",
)  # fmt: skip
BOOL_TO_I64 = _op("bool_to_i64", "x", (BOOL,), I64, PLAIN, int, "int(x): 0 or 1.")
ENUM_TO_I64 = _op("enum_to_i64", "x", (Kind.ENUM,), I64, PLAIN, int, "The member's integer code.")
F64_BITS = _op("f64_bits", "x", (F64,), I64, UnitRule.DROPPED, float_bits, "The pattern of x as a signed integer.")
BITS_F64 = _op("bits_f64", "n", (I64,), F64, PLAIN, bits_float, "The f64 whose pattern is n.")
AS_UNIT = _op("as_unit", "x", (T,), T, UnitRule.RELABELLED, lambda x: x, "The same bits under another declared unit.")

OPS: dict[str, Op] = {
    op.name: op
    for op in (
        ADD, SUB, MUL, DIV, NEG, ABS, SQRT, MIN, MAX, RINT, FLOOR, CEIL, TRUNC,
        LT, LE, GT, GE, EQ, NE,
        IADD, ISUB, IMUL, INEG, IABS, IMIN, IMAX, IAND, IOR, IXOR, SHL, SHR, ILT, ILE, IGT, IGE, IEQ, INE,
        AND, OR, NOT, ENUM_EQ,
        SELECT, I64_TO_F64, F64_TO_I64, BOOL_TO_I64, ENUM_TO_I64, F64_BITS, BITS_F64, AS_UNIT,
    )
}  # fmt: skip


@unique
class Source(Enum):
    """Where a node without operands gets its value. Sources are not in the op table: backends bind them to ports."""

    INPUT = "input"
    PARAM = "param"
    STATE = "state"
    CONST = "const"
