"""The op table: one row per operator, read by the tracer and by every backend.

A row says what is true on every target: its family and laws, operand names, types, how units combine, and `meaning`, the Python function
that every backend must equal bit for bit. Values are Python's own: f64 and f32 are `float`, i64, i32 and enum codes are
`int`, bool is `bool`. An i32 is computed with as an i64 and wrapped (`i64_to_i32`), so integers have one set of rows. Every NaN that reaches a tap is the one canonical quiet NaN, so no meaning here speaks of NaN payloads.

Adding an op is one row here and one line in each backend's table; a test asserts that every backend is total.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, unique
from functools import partial
from typing import Any

from dag.operators.meanings import (
    ceil,
    element,
    floor,
    floor_div,
    floor_mod,
    flush,
    flush_32,
    fold_add,
    fold_add_f32,
    fold_iadd,
    fold_imax,
    fold_imin,
    fold_max,
    fold_min,
    fold_numpy,
    fold_numpy_f32,
    fused_multiply_add,
    fused_multiply_add_32,
    i64_to_f32,
    ieee_div,
    ieee_sqrt,
    indexes,
    leading_zeros,
    logical_shift_right,
    looked_up,
    multiply_high,
    python_max,
    python_min,
    replaced,
    rint,
    rotated,
    saturating_i64,
    spread,
    trunc,
    unsigned_less,
)
from dag.values.types import BOOL, F32, F64, I32, I64, Kind, Type, array_type
from dag.values.words import bits_float, bits_float_32, float_bits, float_bits_32, round_f32, wrap_i32, wrap_i64


@unique
class UnitRule(Enum):
    """How the units of the operands decide the unit of the result."""

    SAME = "all operands share one unit, which the result keeps"
    PRODUCT = "the units multiply"
    PRODUCT_SUM = "the units of the first two multiply to that of the third, which the result keeps"
    QUOTIENT = "the units divide"
    ROOT = "the square root of the unit"
    COMPARED = "all operands share one unit; the result has none"
    CHOSEN = "the two alternatives share one unit, which the result keeps"
    PLAIN = "operands and result have no unit"
    DROPPED = "any unit comes in; the result has none"
    RELABELLED = "the node says its own unit"
    ELEMENT = "the unit of the array; the index has none"
    FIRST = "the unit of the first operand, whatever that of the other is"
    FOLDED = "the unit of the array; first and count have none"
    WRITTEN = "the array and the value share one unit, which the result keeps; the index has none"


@unique
class Family(Enum):
    """What an operator does, whatever the format of its operands: one family has a row for each format."""

    SUM = "a + b"
    DIFFERENCE = "a - b"
    PRODUCT = "a * b"
    QUOTIENT = "a / b, or the floor of it"
    REMAINDER = "a % b"
    NEGATION = "-x"
    MAGNITUDE = "|x|"
    ROOT = "the square root"
    FUSED = "a * b + c, rounded once"
    MINIMUM = "b if b < a else a"
    MAXIMUM = "b if b > a else a"
    INTEGRAL = "a whole number near x, in the format of x"
    ORDER = "whether one operand is less, or greater, than the other"
    EQUALITY = "whether both operands are equal, or whether they are not"
    LOGIC = "and, or, not"
    CHOICE = "one of two operands, as a bool says"
    CONVERSION = "x in another format"
    RELABELLING = "x in its own format, under another unit or without subnormals"
    BITWISE = "on the bits of integers"
    UNSIGNED = "on 64 bits as a number from 0 to 2^64 - 1"
    TABLE = "an element of a constant table"
    PATTERN = "the bits of a float as an integer, or the reverse"
    ARRAY = "a place of an array, or its places in another order"
    FOLD = "one value of the elements of an array"


@unique
class Law(Enum):
    """What holds of a row on all operands, or on all that its lane is not refused for."""

    SAME_VALUE = "the result is the operand, as nearly as the format holds it"
    EXACT = "the result is never rounded, wrapped or flushed"
    NOT_ABOVE = "the result is at most the operand, or zero"
    ROUNDS = "the result is rounded, to a neighbour of what it would be exactly"


class AnyType(Enum):
    """Stands for 'whatever type, the same for every operand marked so' in an op's signature: of one value, or of elements. What the
    elements of `LIKE` are does not matter: the result has as many, along the same axis."""

    T = "T"
    ARRAY = "an array of T"
    LIKE = "an array of anything"


T, ARRAY, LIKE = AnyType.T, AnyType.ARRAY, AnyType.LIKE


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """Stands for 'an array of such elements, of any length' in an op's signature."""

    element: Type


Signature = Type | AnyType | ArrayOf | Kind


@dataclass(frozen=True, slots=True)
class Op:
    """One operator. `takes`/`gives` hold a `Type`, `Kind.ENUM` (any one enum), `T` (any one type) or arrays of them.

    An op on single values takes arrays of them too, all of one length, beside single values: it then computes each element
    for itself.
    """

    name: str
    family: Family
    operands: tuple[str, ...]
    takes: tuple[Signature, ...]
    gives: Signature
    units: UnitRule
    meaning: Callable[..., Any]
    doc: str
    #: How Python writes it, where it is an operator of two operands.
    symbol: str = ""
    laws: frozenset[Law] = frozenset()
    #: Its meaning in SMT-LIB over `{operand}`, integers as bit vectors: no rewrite uses an op without one. Where floats
    #: come in, the text depends on their format: `compile/rewrites/op_smt.py`.
    smt: str = ""
    #: What it is by other rows, where it is a choice among operands and constants: readers take it apart so.
    definition: str = ""
    #: Of a lookup the words it chooses from: it is a row of its own kind for each table.
    table: tuple[int, ...] = ()

    def __str__(self) -> str:
        return self.row.name

    @property
    def digest(self) -> str:
        """Of a lookup, what its table is known by: SHA-256 of its words."""
        words = b"".join(word.to_bytes(8, "little", signed=True) for word in self.table)
        return hashlib.sha256(words).hexdigest()

    @property
    def row(self) -> Op:
        """The row of `OPS` that this op is of: itself, or `LOOKUP` for a lookup in any table."""
        return LOOKUP if self.family is Family.TABLE else self

    def __hash__(self) -> int:
        return hash(self.name)  # of all fields it would take most of the time of an analysis

    def compute(self, *values: Any) -> Any:
        """The meaning of single values; of arrays (tuples), beside single values or not, element by element."""
        lengths = {len(each) for each in values if isinstance(each, tuple)}
        if not lengths or self in ON_ARRAYS:
            return self.meaning(*values)
        (length,) = lengths
        columns = [each if isinstance(each, tuple) else (each,) * length for each in values]
        return tuple(map(self.meaning, *columns))

    def result_type(self, operand_types: tuple[Type, ...]) -> Type | None:
        """The result's type, or None where the operand types do not fit this op."""
        if len(operand_types) != len(self.takes):
            return None
        lengths = {(each.length, each.axis) for each in operand_types if each.length is not None}
        if lengths and self not in ON_ARRAYS:
            element = self.result_type(tuple(each.element for each in operand_types))
            (length, axis), *others = lengths
            assert length is not None
            return None if others or element is None else array_type(element, length, axis)
        bound: Type | None = None
        array: Type | None = None
        like: Type | None = None
        for wanted, got in zip(self.takes, operand_types, strict=True):
            match wanted:
                case Type():
                    if got != wanted:
                        return None
                    continue
                case ArrayOf(element):
                    if not got.is_array or got.element != element:
                        return None
                    continue
                case AnyType.LIKE:
                    if not got.is_array:
                        return None
                    like = got
                    continue
                case AnyType.ARRAY if got.is_array:
                    array = got
                case _ if got.is_array is (wanted is ARRAY) and (wanted is not Kind.ENUM or got.kind is Kind.ENUM):
                    pass
                case _:
                    return None
            if bound not in (None, got.element):
                return None
            bound = got.element
        if like is not None:
            element = self.gives if isinstance(self.gives, Type) else bound
            return None if element is None or like.length is None else array_type(element, like.length, like.axis)
        if self.gives is ARRAY:
            return array
        return self.gives if isinstance(self.gives, Type) else bound


def _op(
    name: str,
    family: Family,
    operands: str,
    takes: tuple[Signature, ...],
    gives: Signature,
    units: UnitRule,
    meaning: Callable[..., Any],
    doc: str,
    *laws: Law,
    symbol: str = "",
    smt: str = "",
    definition: str = "",
) -> Op:
    if family is Family.RELABELLING:
        laws = (*laws, Law.SAME_VALUE)
    if family in _ROUNDED and isinstance(gives, Type) and gives.is_float:
        laws = (*laws, Law.ROUNDS)
    return Op(
        name, family, tuple(operands.split()), takes, gives, units, meaning, doc, symbol, frozenset(laws), smt, definition
    )  # fmt: skip


_ROUNDED = (Family.SUM, Family.DIFFERENCE, Family.PRODUCT, Family.QUOTIENT, Family.ROOT, Family.FUSED)
FF, SS, II, BB = (F64, F64), (F32, F32), (I64, I64), (BOOL, BOOL)
SAME, COMPARED, PLAIN = UnitRule.SAME, UnitRule.COMPARED, UnitRule.PLAIN

ADD = _op(
    "add", Family.SUM, "a b", FF, F64, SAME, lambda a, b: a + b, "IEEE a + b, rounded to nearest even.", symbol="+"
)
SUB = _op("sub", Family.DIFFERENCE, "a b", FF, F64, SAME, lambda a, b: a - b, "IEEE a - b.", symbol="-")
MUL = _op(
    "mul", Family.PRODUCT, "a b", FF, F64, UnitRule.PRODUCT, lambda a, b: a * b,
    "IEEE a * b, never fused with an add.", symbol="*",
)  # fmt: skip
DIV = _op(
    "div", Family.QUOTIENT, "a b", FF, F64, UnitRule.QUOTIENT, ieee_div,
    "IEEE a / b: x/0 is a signed infinity, 0/0 is NaN.", symbol="/",
)  # fmt: skip
NEG = _op("neg", Family.NEGATION, "x", (F64,), F64, SAME, lambda x: -x, "The sign bit flipped.")
ABS = _op("abs", Family.MAGNITUDE, "x", (F64,), F64, SAME, abs, "The sign bit cleared.")
SQRT = _op(
    "sqrt", Family.ROOT, "x", (F64,), F64, UnitRule.ROOT, ieee_sqrt, "Correctly rounded; NaN below zero, -0.0 for -0.0."
)
FMA = _op(
    "fma", Family.FUSED, "a b c", (F64, F64, F64), F64, UnitRule.PRODUCT_SUM, fused_multiply_add,
    "a * b + c rounded once. Only where the lane says `fma`: nothing else is ever fused.",
)  # fmt: skip
MIN = _op(
    "min", Family.MINIMUM, "a b", FF, F64, SAME, python_min,
    "Python's min: `b if b < a else a`. Not C's fmin: argument order decides NaN and signed zero.",
    definition="select(lt(b, a), b, a)",
)  # fmt: skip
MAX = _op(
    "max", Family.MAXIMUM, "a b", FF, F64, SAME, python_max, "Python's max: `b if b > a else a`. Not C's fmax.",
    definition="select(gt(b, a), b, a)",
)  # fmt: skip
RINT = _op(
    "rint", Family.INTEGRAL, "x", (F64,), F64, SAME, rint, "To an integral value, ties to even, sign of zero kept."
)
FLOOR = _op(
    "floor", Family.INTEGRAL, "x", (F64,), F64, SAME, floor, "To an integral value, downwards, sign of zero kept.",
    Law.NOT_ABOVE,
)  # fmt: skip
CEIL = _op("ceil", Family.INTEGRAL, "x", (F64,), F64, SAME, ceil, "To an integral value, upwards, sign of zero kept.")
TRUNC = _op(
    "trunc", Family.INTEGRAL, "x", (F64,), F64, SAME, trunc,
    "To an integral value, toward zero, sign of zero kept.", Law.NOT_ABOVE,
)  # fmt: skip

LT = _op(
    "lt", Family.ORDER, "a b", FF, BOOL, COMPARED, lambda a, b: a < b, "a < b; false when either is NaN.", symbol="<"
)
LE = _op(
    "le", Family.ORDER, "a b", FF, BOOL, COMPARED, lambda a, b: a <= b, "a <= b; false when either is NaN.", symbol="<="
)
GT = _op(
    "gt", Family.ORDER, "a b", FF, BOOL, COMPARED, lambda a, b: a > b, "a > b; false when either is NaN.", symbol=">"
)
GE = _op(
    "ge", Family.ORDER, "a b", FF, BOOL, COMPARED, lambda a, b: a >= b, "a >= b; false when either is NaN.", symbol=">="
)
EQ = _op(
    "eq", Family.EQUALITY, "a b", FF, BOOL, COMPARED, lambda a, b: a == b,
    "a == b; -0.0 equals 0.0, NaN equals nothing.", symbol="==",
)  # fmt: skip
NE = _op(
    "ne", Family.EQUALITY, "a b", FF, BOOL, COMPARED, lambda a, b: a != b, "a != b; true when either is NaN.",
    symbol="!=",
)  # fmt: skip

FLUSH = _op(
    "flush", Family.RELABELLING, "x", (F64,), F64, SAME, flush, "x; a zero of its sign where |x| <= 2^-1022. NaN stays."
)

# binary32: the same rows, rounded to 24 bits.
ADD_F32 = _op(
    "add_f32", Family.SUM, "a b", SS, F32, SAME, lambda a, b: round_f32(a + b), "IEEE a + b in binary32.", symbol="+"
)
SUB_F32 = _op(
    "sub_f32", Family.DIFFERENCE, "a b", SS, F32, SAME, lambda a, b: round_f32(a - b), "IEEE a - b in binary32.",
    symbol="-",
)  # fmt: skip
MUL_F32 = _op(
    "mul_f32", Family.PRODUCT, "a b", SS, F32, UnitRule.PRODUCT, lambda a, b: round_f32(a * b),
    "IEEE a * b in binary32.", symbol="*",
)  # fmt: skip
DIV_F32 = _op(
    "div_f32", Family.QUOTIENT, "a b", SS, F32, UnitRule.QUOTIENT, lambda a, b: round_f32(ieee_div(a, b)), "IEEE a / b in binary32.", symbol="/",
)  # fmt: skip
NEG_F32 = _op("neg_f32", Family.NEGATION, "x", (F32,), F32, SAME, lambda x: -x, "The sign bit flipped.")
ABS_F32 = _op("abs_f32", Family.MAGNITUDE, "x", (F32,), F32, SAME, abs, "The sign bit cleared.")
SQRT_F32 = _op(
    "sqrt_f32", Family.ROOT, "x", (F32,), F32, UnitRule.ROOT, lambda x: round_f32(ieee_sqrt(x)), "Correctly rounded in binary32.",
)  # fmt: skip
FMA_F32 = _op(
    "fma_f32", Family.FUSED, "a b c", (F32, F32, F32), F32, UnitRule.PRODUCT_SUM, fused_multiply_add_32,
    "a * b + c rounded once, in binary32.",
)  # fmt: skip
MIN_F32 = _op("min_f32", Family.MINIMUM, "a b", SS, F32, SAME, python_min, "Python's min: `b if b < a else a`.")
MAX_F32 = _op("max_f32", Family.MAXIMUM, "a b", SS, F32, SAME, python_max, "Python's max: `b if b > a else a`.")
RINT_F32 = _op(
    "rint_f32", Family.INTEGRAL, "x", (F32,), F32, SAME, rint, "To an integral value, ties to even, sign of zero kept."
)
FLOOR_F32 = _op(
    "floor_f32", Family.INTEGRAL, "x", (F32,), F32, SAME, floor,
    "To an integral value, downwards, sign of zero kept.", Law.NOT_ABOVE,
)  # fmt: skip
CEIL_F32 = _op(
    "ceil_f32", Family.INTEGRAL, "x", (F32,), F32, SAME, ceil, "To an integral value, upwards, sign of zero kept."
)
TRUNC_F32 = _op(
    "trunc_f32", Family.INTEGRAL, "x", (F32,), F32, SAME, trunc,
    "To an integral value, toward zero, sign of zero kept.", Law.NOT_ABOVE,
)  # fmt: skip
FLUSH_F32 = _op(
    "flush_f32", Family.RELABELLING, "x", (F32,), F32, SAME, flush_32,
    "x; a zero of its sign where |x| <= 2^-126. NaN stays.",
)  # fmt: skip
LT_F32 = _op(
    "lt_f32", Family.ORDER, "a b", SS, BOOL, COMPARED, lambda a, b: a < b, "a < b; false when either is NaN.",
    symbol="<",
)  # fmt: skip
LE_F32 = _op(
    "le_f32", Family.ORDER, "a b", SS, BOOL, COMPARED, lambda a, b: a <= b, "a <= b; false when either is NaN.",
    symbol="<=",
)  # fmt: skip
GT_F32 = _op(
    "gt_f32", Family.ORDER, "a b", SS, BOOL, COMPARED, lambda a, b: a > b, "a > b; false when either is NaN.",
    symbol=">",
)  # fmt: skip
GE_F32 = _op(
    "ge_f32", Family.ORDER, "a b", SS, BOOL, COMPARED, lambda a, b: a >= b, "a >= b; false when either is NaN.",
    symbol=">=",
)  # fmt: skip
EQ_F32 = _op(
    "eq_f32", Family.EQUALITY, "a b", SS, BOOL, COMPARED, lambda a, b: a == b,
    "a == b; -0.0 equals 0.0, NaN nothing.", symbol="==",
)  # fmt: skip
NE_F32 = _op(
    "ne_f32", Family.EQUALITY, "a b", SS, BOOL, COMPARED, lambda a, b: a != b, "a != b; true when either is NaN.",
    symbol="!=",
)  # fmt: skip

IADD = _op(
    "iadd", Family.SUM, "a b", II, I64, SAME, lambda a, b: wrap_i64(a + b), "Two's complement a + b.", symbol="+",
    smt="(bvadd {a} {b})",
)  # fmt: skip
ISUB = _op(
    "isub", Family.DIFFERENCE, "a b", II, I64, SAME, lambda a, b: wrap_i64(a - b), "Two's complement a - b.",
    symbol="-", smt="(bvsub {a} {b})",
)  # fmt: skip
IMUL = _op(
    "imul", Family.PRODUCT, "a b", II, I64, UnitRule.PRODUCT, lambda a, b: wrap_i64(a * b),
    "Two's complement a * b.", symbol="*", smt="(bvmul {a} {b})",
)  # fmt: skip
#: The quotient toward zero, less one where the remainder is of the other sign than the divisor.
_FLOORED = (
    "(ite (= {b} (_ bv0 64)) (_ bv0 64) (bvsub (bvsdiv {a} {b}) (ite (and (distinct (bvsrem {a} {b}) (_ bv0 64)) "
    "(bvslt (bvxor (bvsrem {a} {b}) {b}) (_ bv0 64))) (_ bv1 64) (_ bv0 64))))"
)
IDIV = _op(
    "idiv", Family.QUOTIENT, "a b", II, I64, UnitRule.QUOTIENT, floor_div,
    "Python's a // b, wrapped; 0 where b is 0.", symbol="//", smt=_FLOORED,
)  # fmt: skip
IMOD = _op(
    "imod", Family.REMAINDER, "a b", II, I64, SAME, floor_mod, "Python's a % b, of the sign of b; 0 where b is 0.",
    symbol="%", smt="(ite (= {b} (_ bv0 64)) (_ bv0 64) (bvsmod {a} {b}))",
)  # fmt: skip
INEG = _op(
    "ineg", Family.NEGATION, "x", (I64,), I64, SAME, lambda x: wrap_i64(-x), "Two's complement -x.", smt="(bvneg {x})"
)
IABS = _op(
    "iabs", Family.MAGNITUDE, "x", (I64,), I64, SAME, lambda x: wrap_i64(abs(x)), "Two's complement |x|.",
    smt="(ite (bvslt {x} (_ bv0 64)) (bvneg {x}) {x})", definition="select(ilt(x, 0), ineg(x), x)",
)  # fmt: skip
IMIN = _op(
    "imin", Family.MINIMUM, "a b", II, I64, SAME, python_min, "The smaller of two integers.",
    smt="(ite (bvslt {b} {a}) {b} {a})", definition="select(ilt(b, a), b, a)",
)  # fmt: skip
IMAX = _op(
    "imax", Family.MAXIMUM, "a b", II, I64, SAME, python_max, "The larger of two integers.",
    smt="(ite (bvsgt {b} {a}) {b} {a})", definition="select(igt(b, a), b, a)",
)  # fmt: skip
IAND = _op("iand", Family.BITWISE, "a b", II, I64, PLAIN, lambda a, b: a & b, "Bitwise and.", smt="(bvand {a} {b})")
IOR = _op("ior", Family.BITWISE, "a b", II, I64, PLAIN, lambda a, b: a | b, "Bitwise or.", smt="(bvor {a} {b})")
IXOR = _op(
    "ixor", Family.BITWISE, "a b", II, I64, PLAIN, lambda a, b: a ^ b, "Bitwise exclusive or.", smt="(bvxor {a} {b})"
)
SHL = _op(
    "shl", Family.BITWISE, "a n", II, I64, PLAIN, lambda a, n: wrap_i64(a << (n & 63)),
    "a << (n mod 64), two's complement.", smt="(bvshl {a} (bvand {n} (_ bv63 64)))",
)  # fmt: skip
SHR = _op(
    "shr", Family.BITWISE, "a n", II, I64, PLAIN, lambda a, n: a >> (n & 63), "a >> (n mod 64), arithmetic (floors).",
    smt="(bvashr {a} (bvand {n} (_ bv63 64)))",
)  # fmt: skip
MULTIPLY_HIGH = _op(
    "multiply_high", Family.UNSIGNED, "a b", II, I64, PLAIN, multiply_high,
    "The upper 64 bits of the product of two unsigned words.",
    smt="((_ extract 127 64) (bvmul ((_ zero_extend 64) {a}) ((_ zero_extend 64) {b})))",
)  # fmt: skip
LSHR = _op(
    "lshr", Family.UNSIGNED, "a n", II, I64, PLAIN, logical_shift_right, "a >> (n mod 64), logical (zeros come in).",
    smt="(bvlshr {a} (bvand {n} (_ bv63 64)))",
)  # fmt: skip
ULT = _op(
    "ult", Family.UNSIGNED, "a b", II, BOOL, PLAIN, unsigned_less, "a < b of unsigned words.", smt="(bvult {a} {b})"
)


def _leading_zeros_smt() -> str:
    text = "(_ bv64 64)"
    for bit in range(64):
        text = f"(ite (= ((_ extract {bit} {bit}) {{x}}) #b1) (_ bv{63 - bit} 64) {text})"
    return text


CLZ = _op(
    "clz", Family.UNSIGNED, "x", (I64,), I64, PLAIN, leading_zeros, "The zero bits above the highest one; 64 of 0.",
    smt=_leading_zeros_smt(),
)  # fmt: skip
ILT = _op(
    "ilt", Family.ORDER, "a b", II, BOOL, COMPARED, lambda a, b: a < b, "a < b.", symbol="<", smt="(bvslt {a} {b})"
)
ILE = _op(
    "ile", Family.ORDER, "a b", II, BOOL, COMPARED, lambda a, b: a <= b, "a <= b.", symbol="<=", smt="(bvsle {a} {b})"
)
IGT = _op(
    "igt", Family.ORDER, "a b", II, BOOL, COMPARED, lambda a, b: a > b, "a > b.", symbol=">", smt="(bvsgt {a} {b})"
)
IGE = _op(
    "ige", Family.ORDER, "a b", II, BOOL, COMPARED, lambda a, b: a >= b, "a >= b.", symbol=">=", smt="(bvsge {a} {b})"
)
IEQ = _op(
    "ieq", Family.EQUALITY, "a b", II, BOOL, COMPARED, lambda a, b: a == b, "a == b.", symbol="==", smt="(= {a} {b})"
)
INE = _op(
    "ine", Family.EQUALITY, "a b", II, BOOL, COMPARED, lambda a, b: a != b, "a != b.", symbol="!=",
    smt="(distinct {a} {b})",
)  # fmt: skip

AND = _op("and", Family.LOGIC, "a b", BB, BOOL, PLAIN, lambda a, b: a and b, "Both.", smt="(and {a} {b})")
OR = _op("or", Family.LOGIC, "a b", BB, BOOL, PLAIN, lambda a, b: a or b, "Either.", smt="(or {a} {b})")
NOT = _op("not", Family.LOGIC, "x", (BOOL,), BOOL, PLAIN, lambda x: not x, "The other one.", smt="(not {x})")
ENUM_EQ = _op(
    "enum_eq", Family.EQUALITY, "a b", (Kind.ENUM, Kind.ENUM), BOOL, PLAIN, lambda a, b: a == b, "The same member.",
    symbol="==", smt="(= {a} {b})",
)  # fmt: skip

SELECT = _op(
    "select", Family.CHOICE, "condition a b", (BOOL, T, T), T, UnitRule.CHOSEN, lambda condition, a, b: a if condition else b,
    "`a if condition else b`; both sides are computed, neither can trap.", smt="(ite {condition} {a} {b})",
)  # fmt: skip
I64_TO_F64 = _op(
    "i64_to_f64", Family.CONVERSION, "n", (I64,), F64, SAME, float, "float(n), rounded to nearest even.",
    Law.SAME_VALUE, Law.ROUNDS,
)  # fmt: skip
F64_TO_I64 = _op(
    "f64_to_i64", Family.CONVERSION, "x", (F64,), I64, SAME, saturating_i64,
    "int(x): toward zero. Out of range it saturates, and NaN gives 0, where Python raises.", Law.NOT_ABOVE,
)  # fmt: skip
F64_TO_F32 = _op(
    "f64_to_f32", Family.CONVERSION, "x", (F64,), F32, SAME, round_f32,
    "Rounded to nearest even; overflows to infinity.", Law.SAME_VALUE, Law.ROUNDS,
)  # fmt: skip
F32_TO_F64 = _op(
    "f32_to_f64", Family.CONVERSION, "x", (F32,), F64, SAME, lambda x: x, "Exact.", Law.SAME_VALUE, Law.EXACT
)
I64_TO_F32 = _op(
    "i64_to_f32", Family.CONVERSION, "n", (I64,), F32, SAME, i64_to_f32, "Rounded once, to nearest even.",
    Law.SAME_VALUE, Law.ROUNDS,
)  # fmt: skip
F32_TO_I64 = _op(
    "f32_to_i64", Family.CONVERSION, "x", (F32,), I64, SAME, saturating_i64, "As f64_to_i64.", Law.NOT_ABOVE
)
I64_TO_I32 = _op(
    "i64_to_i32", Family.CONVERSION, "n", (I64,), I32, SAME, wrap_i32, "The low 32 bits, as two's complement.",
    Law.SAME_VALUE, smt="((_ extract 31 0) {n})",
)  # fmt: skip
I32_TO_I64 = _op(
    "i32_to_i64", Family.CONVERSION, "n", (I32,), I64, SAME, int, "Exact.", Law.SAME_VALUE, Law.EXACT,
    smt="((_ sign_extend 32) {n})",
)  # fmt: skip
BOOL_TO_I64 = _op(
    "bool_to_i64", Family.CONVERSION, "x", (BOOL,), I64, PLAIN, int, "int(x): 0 or 1.",
    smt="(ite {x} (_ bv1 64) (_ bv0 64))",
)  # fmt: skip
ENUM_TO_I64 = _op(
    "enum_to_i64", Family.CONVERSION, "x", (Kind.ENUM,), I64, PLAIN, int, "The member's integer code.", smt="{x}"
)
F64_BITS = _op(
    "f64_bits", Family.PATTERN, "x", (F64,), I64, UnitRule.DROPPED, float_bits, "The pattern of x as a signed integer."
)
BITS_F64 = _op("bits_f64", Family.PATTERN, "n", (I64,), F64, PLAIN, bits_float, "The f64 whose pattern is n.")
F32_BITS = _op(
    "f32_bits", Family.PATTERN, "x", (F32,), I32, UnitRule.DROPPED, float_bits_32,
    "The pattern of x as a signed integer.",
)  # fmt: skip
BITS_F32 = _op("bits_f32", Family.PATTERN, "n", (I32,), F32, PLAIN, bits_float_32, "The f32 whose pattern is n.")
GET = _op(
    "get", Family.ARRAY, "array index", (ARRAY, I64), T, UnitRule.ELEMENT, element,
    "array[index]; zero (False, code 0) where the index is outside.",
)  # fmt: skip
PUT = _op(
    "put", Family.ARRAY, "array index value enable", (ARRAY, I64, T, BOOL), ARRAY, UnitRule.WRITTEN, replaced,
    "The array with `value` at `index`; as it was where `enable` is false or the index outside.",
)  # fmt: skip
ROTATE = _op("rotate", Family.ARRAY, "array", (ARRAY,), ARRAY, SAME, rotated, "array[1], array[2], ..., array[0].")
SPREAD = _op("spread", Family.ARRAY, "x like", (T, LIKE), T, UnitRule.FIRST, spread, "`x` for each element of `like`.")
INDEXES = _op(
    "indexes",
    Family.ARRAY,
    "like",
    (LIKE,),
    I64,
    UnitRule.DROPPED,
    indexes,
    "0, 1, 2, ..., one for each element of `like`.",
)
_SPAN = "`initial` and then `count` elements of the array, from place `first` on, going on at its begin after its end"


def _fold(name: str, type_: Type, meaning: Callable[..., Any], doc: str) -> Op:
    takes = (ArrayOf(type_), I64, I64, type_)
    return _op(
        name, Family.FOLD, "array first count initial", takes, type_, UnitRule.FOLDED, meaning, f"{doc} {_SPAN}."
    )


FOLD_ADD = _fold("fold_add", F64, fold_add, "The sum, from left to right, of")
FOLD_NUMPY = _fold(
    "fold_numpy", F64, fold_numpy, "numpy's sum of at most 128 elements, eight partial sums, added to the first of"
)
FOLD_ADD_F32 = _fold("fold_add_f32", F32, fold_add_f32, "The sum, from left to right, rounded at every step, of")
FOLD_NUMPY_F32 = _fold(
    "fold_numpy_f32", F32, fold_numpy_f32,
    "numpy's sum of at most 128 elements, rounded at every step, eight partial sums, added to the first of",
)  # fmt: skip
FOLD_IADD = _fold("fold_iadd", I64, fold_iadd, "The sum, in two's complement, of")
FOLD_IMIN = _fold("fold_imin", I64, fold_imin, "The least of")
FOLD_IMAX = _fold("fold_imax", I64, fold_imax, "The greatest of")
FOLD_MIN = _fold("fold_min", F64, fold_min, "Python's min, from left to right, of")
FOLD_MAX = _fold("fold_max", F64, fold_max, "Python's max, from left to right, of")
#: Words for trials of the row alone; a graph's lookups have tables of their own: `lookup_in`.
_SAMPLE = (0, -1, 1, 2**63 - 1, -(2**63), 0x0123456789ABCDEF, -2, 2**32)
LOOKUP = replace(
    _op(
        "lookup", Family.TABLE, "n", (I64,), I64, PLAIN, partial(looked_up, _SAMPLE),
        "The element of a constant table at n mod its length, which is a power of two.",
    ),
    table=_SAMPLE,
)  # fmt: skip
AS_UNIT = _op(
    "as_unit", Family.RELABELLING, "x", (T,), T, UnitRule.RELABELLED, lambda x: x,
    "The same bits under another declared unit.", Law.EXACT, smt="{x}",
)  # fmt: skip

OPS: dict[str, Op] = {
    op.name: op
    for op in (
        ADD, SUB, MUL, DIV, NEG, ABS, SQRT, FMA, MIN, MAX, RINT, FLOOR, CEIL, TRUNC, FLUSH,
        LT, LE, GT, GE, EQ, NE,
        ADD_F32, SUB_F32, MUL_F32, DIV_F32, NEG_F32, ABS_F32, SQRT_F32, FMA_F32, MIN_F32, MAX_F32,
        RINT_F32, FLOOR_F32, CEIL_F32, TRUNC_F32, FLUSH_F32,
        LT_F32, LE_F32, GT_F32, GE_F32, EQ_F32, NE_F32,
        IADD, ISUB, IMUL, IDIV, IMOD, INEG, IABS, IMIN, IMAX, IAND, IOR, IXOR, SHL, SHR, ILT, ILE, IGT, IGE, IEQ, INE,
        AND, OR, NOT, ENUM_EQ,
        SELECT, I64_TO_F64, F64_TO_I64, F64_TO_F32, F32_TO_F64, I64_TO_F32, F32_TO_I64, I64_TO_I32, I32_TO_I64,
        BOOL_TO_I64, ENUM_TO_I64, F64_BITS, BITS_F64, F32_BITS, BITS_F32, MULTIPLY_HIGH, LSHR, ULT, CLZ, LOOKUP,
        GET, PUT, ROTATE, SPREAD, INDEXES,
        FOLD_ADD, FOLD_NUMPY, FOLD_ADD_F32, FOLD_NUMPY_F32, FOLD_IADD, FOLD_IMIN, FOLD_IMAX, FOLD_MIN, FOLD_MAX, AS_UNIT,
    )
}  # fmt: skip

#: The lookups made so far, by name.
_LOOKUPS: dict[str, Op] = {LOOKUP.name: LOOKUP}
#: The longest table that a lookup may have.
LONGEST_TABLE = 1 << 10
TABLE_SIZES = frozenset(1 << k for k in range(1, LONGEST_TABLE.bit_length()))


def lookup_in(table: tuple[int, ...]) -> Op:
    """The lookup in `table`: two or more i64 words, a power of two of them. Raises ValueError for any other table."""
    if len(table) not in TABLE_SIZES:
        raise ValueError(f"a table has 2, 4, 8, ... {LONGEST_TABLE} words, this one {len(table)}")
    if any(not isinstance(word, int) or word != wrap_i64(word) for word in table):
        raise ValueError("a table's words are integers of 64 bits")
    if table == LOOKUP.table:
        return LOOKUP
    found = replace(LOOKUP, meaning=partial(looked_up, table), table=table)
    return _LOOKUPS.setdefault(name := f"{LOOKUP.name}_{found.digest}", replace(found, name=name))


def op_named(name: str) -> Op:
    """The row of that name, or the lookup, once it was made. Raises KeyError where there is none."""
    return OPS[name] if name in OPS else _LOOKUPS[name]


def is_op(name: str) -> bool:
    """Whether there is a row of that name, or a lookup that was made."""
    return name in OPS or name in _LOOKUPS


#: What reads and writes single places of carried arrays.
PLACES = frozenset({GET, PUT})
#: What makes one value of the elements of an array, one after the other.
FOLDS = frozenset(op for op in OPS.values() if op.family is Family.FOLD)
#: What takes an array as a whole; everything else takes single values, or arrays element by element.
ON_ARRAYS = PLACES | FOLDS | {ROTATE, SPREAD, INDEXES}
#: The rows of each family, one for each format.
FAMILIES: dict[Family, tuple[Op, ...]] = {
    family: tuple(op for op in OPS.values() if op.family is family) for family in Family
}
#: The row of each f64 op that computes the same in binary32.
IN_F32: dict[Op, Op] = {op: OPS[f"{name}_f32"] for name, op in OPS.items() if f"{name}_f32" in OPS}


@unique
class Source(Enum):
    """Where a node without operands gets its value. Sources are not in the op table: backends bind them to ports."""

    INPUT = "input"
    PARAM = "param"
    STATE = "state"
    CONST = "const"
