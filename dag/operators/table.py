"""The op table: one row per operator, read by the tracer and by every backend.

A row says what is true on every target: its family and laws, operand names, types, how units combine, and `meaning`, the
Python function that every backend must equal bit for bit. Values are Python's own: f64 and f32 are `float`, i64, i32 and enum
codes are `int`, bool is `bool`. An i32 is computed as an i64 and wrapped (`i64_to_i32`), so integers have one set of rows. Every
NaN that reaches a tap is the one canonical quiet NaN, so no meaning here speaks of NaN payloads.

Adding an op is one row here and one line in each backend's table; a test asserts that every backend is total.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from dag.operators import meanings
from dag.operators.op import ARRAY, LIKE, ArrayOf, Family, Law, Op, T, UnitRule, in_binary32, operator
from dag.values.types import BOOL, F32, F64, I32, I64, Kind, Type
from dag.values.words import bits_float, bits_float_32, float_bits, float_bits_32, round_f32, wrap_i32, wrap_i64

FF, SS, II, BB = (F64, F64), (F32, F32), (I64, I64), (BOOL, BOOL)
SAME, COMPARED, PLAIN = UnitRule.SAME, UnitRule.COMPARED, UnitRule.PLAIN

ADD = operator(
    "add", Family.SUM, "a b", FF, F64, SAME, lambda a, b: a + b, "IEEE a + b, rounded to nearest even.", symbol="+"
)
SUB = operator("sub", Family.DIFFERENCE, "a b", FF, F64, SAME, lambda a, b: a - b, "IEEE a - b.", symbol="-")
MUL = operator(
    "mul", Family.PRODUCT, "a b", FF, F64, UnitRule.PRODUCT, lambda a, b: a * b,
    "IEEE a * b, never fused with an add.", symbol="*",
)  # fmt: skip
DIV = operator(
    "div", Family.QUOTIENT, "a b", FF, F64, UnitRule.QUOTIENT, meanings.ieee_div,
    "IEEE a / b: x/0 is a signed infinity, 0/0 is NaN.", symbol="/",
)  # fmt: skip
NEG = operator("neg", Family.NEGATION, "x", (F64,), F64, SAME, lambda x: -x, "The sign bit flipped.")
ABS = operator("abs", Family.MAGNITUDE, "x", (F64,), F64, SAME, abs, "The sign bit cleared.")
SQRT = operator(
    "sqrt",
    Family.ROOT,
    "x",
    (F64,),
    F64,
    UnitRule.ROOT,
    meanings.ieee_sqrt,
    "Correctly rounded; NaN below zero, -0.0 for -0.0.",
)
FMA = operator(
    "fma", Family.FUSED, "a b c", (F64, F64, F64), F64, UnitRule.PRODUCT_SUM, meanings.fused_multiply_add,
    "a * b + c rounded once. Only where the lane says `fma`: nothing else is ever fused.",
)  # fmt: skip
MIN = operator(
    "min", Family.MINIMUM, "a b", FF, F64, SAME, meanings.python_min,
    "Python's min: `b if b < a else a`. Not C's fmin: argument order decides NaN and signed zero.",
    definition="select(lt(b, a), b, a)",
)  # fmt: skip
MAX = operator(
    "max", Family.MAXIMUM, "a b", FF, F64, SAME, meanings.python_max, "Python's max: `b if b > a else a`. Not C's fmax.",
    definition="select(gt(b, a), b, a)",
)  # fmt: skip
RINT = operator(
    "rint",
    Family.INTEGRAL,
    "x",
    (F64,),
    F64,
    SAME,
    meanings.rint,
    "To an integral value, ties to even, sign of zero kept.",
)
FLOOR = operator(
    "floor", Family.INTEGRAL, "x", (F64,), F64, SAME, meanings.floor, "To an integral value, downwards, sign of zero kept.",
    Law.NOT_ABOVE,
)  # fmt: skip
CEIL = operator(
    "ceil", Family.INTEGRAL, "x", (F64,), F64, SAME, meanings.ceil, "To an integral value, upwards, sign of zero kept."
)
TRUNC = operator(
    "trunc", Family.INTEGRAL, "x", (F64,), F64, SAME, meanings.trunc,
    "To an integral value, toward zero, sign of zero kept.", Law.NOT_ABOVE,
)  # fmt: skip

LT = operator(
    "lt", Family.ORDER, "a b", FF, BOOL, COMPARED, lambda a, b: a < b, "a < b; false when either is NaN.", symbol="<"
)
LE = operator(
    "le", Family.ORDER, "a b", FF, BOOL, COMPARED, lambda a, b: a <= b, "a <= b; false when either is NaN.", symbol="<="
)
GT = operator(
    "gt", Family.ORDER, "a b", FF, BOOL, COMPARED, lambda a, b: a > b, "a > b; false when either is NaN.", symbol=">"
)
GE = operator(
    "ge", Family.ORDER, "a b", FF, BOOL, COMPARED, lambda a, b: a >= b, "a >= b; false when either is NaN.", symbol=">="
)
EQ = operator(
    "eq", Family.EQUALITY, "a b", FF, BOOL, COMPARED, lambda a, b: a == b,
    "a == b; -0.0 equals 0.0, NaN equals nothing.", symbol="==",
)  # fmt: skip
NE = operator(
    "ne", Family.EQUALITY, "a b", FF, BOOL, COMPARED, lambda a, b: a != b, "a != b; true when either is NaN.",
    symbol="!=",
)  # fmt: skip

FLUSH = operator(
    "flush",
    Family.RELABELLING,
    "x",
    (F64,),
    F64,
    SAME,
    meanings.flush,
    "x; a zero of its sign where |x| <= 2^-1022. NaN stays.",
)

# binary32: the same rows, rounded to 24 bits.
ADD_F32 = in_binary32(ADD)
SUB_F32 = in_binary32(SUB)
MUL_F32 = in_binary32(MUL)
DIV_F32 = in_binary32(DIV)
NEG_F32 = in_binary32(NEG)
ABS_F32 = in_binary32(ABS)
SQRT_F32 = in_binary32(SQRT)
FMA_F32 = in_binary32(FMA, meanings.fused_multiply_add_32)
MIN_F32 = in_binary32(MIN)
MAX_F32 = in_binary32(MAX)
RINT_F32 = in_binary32(RINT)
FLOOR_F32 = in_binary32(FLOOR)
CEIL_F32 = in_binary32(CEIL)
TRUNC_F32 = in_binary32(TRUNC)
FLUSH_F32 = in_binary32(FLUSH, meanings.flush_32)
LT_F32 = in_binary32(LT)
LE_F32 = in_binary32(LE)
GT_F32 = in_binary32(GT)
GE_F32 = in_binary32(GE)
EQ_F32 = in_binary32(EQ)
NE_F32 = in_binary32(NE)

IADD = operator(
    "iadd", Family.SUM, "a b", II, I64, SAME, lambda a, b: wrap_i64(a + b), "Two's complement a + b.", symbol="+",
    smt="(bvadd {a} {b})",
)  # fmt: skip
ISUB = operator(
    "isub", Family.DIFFERENCE, "a b", II, I64, SAME, lambda a, b: wrap_i64(a - b), "Two's complement a - b.",
    symbol="-", smt="(bvsub {a} {b})",
)  # fmt: skip
IMUL = operator(
    "imul", Family.PRODUCT, "a b", II, I64, UnitRule.PRODUCT, lambda a, b: wrap_i64(a * b),
    "Two's complement a * b.", symbol="*", smt="(bvmul {a} {b})",
)  # fmt: skip
#: The quotient toward zero, less one where the remainder is of the other sign than the divisor.
_FLOORED = (
    "(ite (= {b} (_ bv0 64)) (_ bv0 64) (bvsub (bvsdiv {a} {b}) (ite (and (distinct (bvsrem {a} {b}) (_ bv0 64)) "
    "(bvslt (bvxor (bvsrem {a} {b}) {b}) (_ bv0 64))) (_ bv1 64) (_ bv0 64))))"
)
IDIV = operator(
    "idiv", Family.QUOTIENT, "a b", II, I64, UnitRule.QUOTIENT, meanings.floor_div,
    "Python's a // b, wrapped; 0 where b is 0.", symbol="//", smt=_FLOORED,
)  # fmt: skip
IMOD = operator(
    "imod", Family.REMAINDER, "a b", II, I64, SAME, meanings.floor_mod, "Python's a % b, of the sign of b; 0 where b is 0.",
    symbol="%", smt="(ite (= {b} (_ bv0 64)) (_ bv0 64) (bvsmod {a} {b}))",
)  # fmt: skip
INEG = operator(
    "ineg", Family.NEGATION, "x", (I64,), I64, SAME, lambda x: wrap_i64(-x), "Two's complement -x.", smt="(bvneg {x})"
)
IABS = operator(
    "iabs", Family.MAGNITUDE, "x", (I64,), I64, SAME, lambda x: wrap_i64(abs(x)), "Two's complement |x|.",
    smt="(ite (bvslt {x} (_ bv0 64)) (bvneg {x}) {x})", definition="select(ilt(x, 0), ineg(x), x)",
)  # fmt: skip
IMIN = operator(
    "imin", Family.MINIMUM, "a b", II, I64, SAME, meanings.python_min, "The smaller of two integers.",
    smt="(ite (bvslt {b} {a}) {b} {a})", definition="select(ilt(b, a), b, a)",
)  # fmt: skip
IMAX = operator(
    "imax", Family.MAXIMUM, "a b", II, I64, SAME, meanings.python_max, "The larger of two integers.",
    smt="(ite (bvsgt {b} {a}) {b} {a})", definition="select(igt(b, a), b, a)",
)  # fmt: skip
IAND = operator(
    "iand", Family.BITWISE, "a b", II, I64, PLAIN, lambda a, b: a & b, "Bitwise and.", smt="(bvand {a} {b})"
)
IOR = operator("ior", Family.BITWISE, "a b", II, I64, PLAIN, lambda a, b: a | b, "Bitwise or.", smt="(bvor {a} {b})")
IXOR = operator(
    "ixor", Family.BITWISE, "a b", II, I64, PLAIN, lambda a, b: a ^ b, "Bitwise exclusive or.", smt="(bvxor {a} {b})"
)
SHL = operator(
    "shl", Family.BITWISE, "a n", II, I64, PLAIN, lambda a, n: wrap_i64(a << (n & 63)),
    "a << (n mod 64), two's complement.", smt="(bvshl {a} (bvand {n} (_ bv63 64)))",
)  # fmt: skip
SHR = operator(
    "shr", Family.BITWISE, "a n", II, I64, PLAIN, lambda a, n: a >> (n & 63), "a >> (n mod 64), arithmetic (floors).",
    smt="(bvashr {a} (bvand {n} (_ bv63 64)))",
)  # fmt: skip
MULTIPLY_HIGH = operator(
    "multiply_high", Family.UNSIGNED, "a b", II, I64, PLAIN, meanings.multiply_high,
    "The upper 64 bits of the product of two unsigned words.",
    smt="((_ extract 127 64) (bvmul ((_ zero_extend 64) {a}) ((_ zero_extend 64) {b})))",
)  # fmt: skip
LSHR = operator(
    "lshr", Family.UNSIGNED, "a n", II, I64, PLAIN, meanings.logical_shift_right, "a >> (n mod 64), logical (zeros come in).",
    smt="(bvlshr {a} (bvand {n} (_ bv63 64)))",
)  # fmt: skip
ULT = operator(
    "ult",
    Family.UNSIGNED,
    "a b",
    II,
    BOOL,
    PLAIN,
    meanings.unsigned_less,
    "a < b of unsigned words.",
    smt="(bvult {a} {b})",
)


def _leading_zeros_smt() -> str:
    text = "(_ bv64 64)"
    for bit in range(64):
        text = f"(ite (= ((_ extract {bit} {bit}) {{x}}) #b1) (_ bv{63 - bit} 64) {text})"
    return text


CLZ = operator(
    "clz", Family.UNSIGNED, "x", (I64,), I64, PLAIN, meanings.leading_zeros, "The zero bits above the highest one; 64 of 0.",
    smt=_leading_zeros_smt(),
)  # fmt: skip
ILT = operator(
    "ilt", Family.ORDER, "a b", II, BOOL, COMPARED, lambda a, b: a < b, "a < b.", symbol="<", smt="(bvslt {a} {b})"
)
ILE = operator(
    "ile", Family.ORDER, "a b", II, BOOL, COMPARED, lambda a, b: a <= b, "a <= b.", symbol="<=", smt="(bvsle {a} {b})"
)
IGT = operator(
    "igt", Family.ORDER, "a b", II, BOOL, COMPARED, lambda a, b: a > b, "a > b.", symbol=">", smt="(bvsgt {a} {b})"
)
IGE = operator(
    "ige", Family.ORDER, "a b", II, BOOL, COMPARED, lambda a, b: a >= b, "a >= b.", symbol=">=", smt="(bvsge {a} {b})"
)
IEQ = operator(
    "ieq", Family.EQUALITY, "a b", II, BOOL, COMPARED, lambda a, b: a == b, "a == b.", symbol="==", smt="(= {a} {b})"
)
INE = operator(
    "ine", Family.EQUALITY, "a b", II, BOOL, COMPARED, lambda a, b: a != b, "a != b.", symbol="!=",
    smt="(distinct {a} {b})",
)  # fmt: skip

AND = operator("and", Family.LOGIC, "a b", BB, BOOL, PLAIN, lambda a, b: a and b, "Both.", smt="(and {a} {b})")
OR = operator("or", Family.LOGIC, "a b", BB, BOOL, PLAIN, lambda a, b: a or b, "Either.", smt="(or {a} {b})")
NOT = operator("not", Family.LOGIC, "x", (BOOL,), BOOL, PLAIN, lambda x: not x, "The other one.", smt="(not {x})")
ENUM_EQ = operator(
    "enum_eq", Family.EQUALITY, "a b", (Kind.ENUM, Kind.ENUM), BOOL, PLAIN, lambda a, b: a == b, "The same member.",
    symbol="==", smt="(= {a} {b})",
)  # fmt: skip

SELECT = operator(
    "select", Family.CHOICE, "condition a b", (BOOL, T, T), T, UnitRule.CHOSEN, lambda condition, a, b: a if condition else b,
    "`a if condition else b`; both sides are computed, neither can trap.", smt="(ite {condition} {a} {b})",
)  # fmt: skip
I64_TO_F64 = operator(
    "i64_to_f64", Family.CONVERSION, "n", (I64,), F64, SAME, float, "float(n), rounded to nearest even.",
    Law.SAME_VALUE, Law.ROUNDS,
)  # fmt: skip
F64_TO_I64 = operator(
    "f64_to_i64", Family.CONVERSION, "x", (F64,), I64, SAME, meanings.saturating_i64,
    "int(x): toward zero. Out of range it saturates, and NaN gives 0, where Python raises.", Law.NOT_ABOVE,
)  # fmt: skip
F64_TO_F32 = operator(
    "f64_to_f32", Family.CONVERSION, "x", (F64,), F32, SAME, round_f32,
    "Rounded to nearest even; overflows to infinity.", Law.SAME_VALUE, Law.ROUNDS,
)  # fmt: skip
F32_TO_F64 = operator(
    "f32_to_f64", Family.CONVERSION, "x", (F32,), F64, SAME, lambda x: x, "Exact.", Law.SAME_VALUE, Law.EXACT
)
I64_TO_F32 = operator(
    "i64_to_f32", Family.CONVERSION, "n", (I64,), F32, SAME, meanings.i64_to_f32, "Rounded once, to nearest even.",
    Law.SAME_VALUE, Law.ROUNDS,
)  # fmt: skip
F32_TO_I64 = operator(
    "f32_to_i64", Family.CONVERSION, "x", (F32,), I64, SAME, meanings.saturating_i64, "As f64_to_i64.", Law.NOT_ABOVE
)
I64_TO_I32 = operator(
    "i64_to_i32", Family.CONVERSION, "n", (I64,), I32, SAME, wrap_i32, "The low 32 bits, as two's complement.",
    Law.SAME_VALUE, smt="((_ extract 31 0) {n})",
)  # fmt: skip
I32_TO_I64 = operator(
    "i32_to_i64", Family.CONVERSION, "n", (I32,), I64, SAME, int, "Exact.", Law.SAME_VALUE, Law.EXACT,
    smt="((_ sign_extend 32) {n})",
)  # fmt: skip
BOOL_TO_I64 = operator(
    "bool_to_i64", Family.CONVERSION, "x", (BOOL,), I64, PLAIN, int, "int(x): 0 or 1.",
    smt="(ite {x} (_ bv1 64) (_ bv0 64))",
)  # fmt: skip
ENUM_TO_I64 = operator(
    "enum_to_i64", Family.CONVERSION, "x", (Kind.ENUM,), I64, PLAIN, int, "The member's integer code.", smt="{x}"
)
F64_BITS = operator(
    "f64_bits", Family.PATTERN, "x", (F64,), I64, UnitRule.DROPPED, float_bits, "The pattern of x as a signed integer."
)
BITS_F64 = operator("bits_f64", Family.PATTERN, "n", (I64,), F64, PLAIN, bits_float, "The f64 whose pattern is n.")
F32_BITS = operator(
    "f32_bits", Family.PATTERN, "x", (F32,), I32, UnitRule.DROPPED, float_bits_32,
    "The pattern of x as a signed integer.",
)  # fmt: skip
BITS_F32 = operator("bits_f32", Family.PATTERN, "n", (I32,), F32, PLAIN, bits_float_32, "The f32 whose pattern is n.")
GET = operator(
    "get", Family.ARRAY, "array index", (ARRAY, I64), T, UnitRule.ELEMENT, meanings.element,
    "array[index]; zero (False, code 0) where the index is outside.",
)  # fmt: skip
PUT = operator(
    "put", Family.ARRAY, "array index value enable", (ARRAY, I64, T, BOOL), ARRAY, UnitRule.WRITTEN, meanings.replaced,
    "The array with `value` at `index`; as it was where `enable` is false or the index outside.",
)  # fmt: skip
ROTATE = operator(
    "rotate", Family.ARRAY, "array", (ARRAY,), ARRAY, SAME, meanings.rotated, "array[1], array[2], ..., array[0]."
)
SPREAD = operator(
    "spread", Family.ARRAY, "x like", (T, LIKE), T, UnitRule.FIRST, meanings.spread, "`x` for each element of `like`."
)
INDEXES = operator(
    "indexes", Family.ARRAY, "like", (LIKE,), I64, UnitRule.DROPPED, meanings.indexes,
    "0, 1, 2, ..., one for each element of `like`.",
)  # fmt: skip
_SPAN = "`initial` and then `count` elements of the array, from place `first` on, going on at its begin after its end"


def _fold(name: str, type_: Type, meaning: Callable[..., Any], doc: str) -> Op:
    takes = (ArrayOf(type_), I64, I64, type_)
    return operator(
        name, Family.FOLD, "array first count initial", takes, type_, UnitRule.FOLDED, meaning, f"{doc} {_SPAN}."
    )


FOLD_ADD = _fold("fold_add", F64, meanings.fold_add, "The sum, from left to right, of")
FOLD_NUMPY = _fold(
    "fold_numpy",
    F64,
    meanings.fold_numpy,
    "numpy's sum of at most 128 elements, eight partial sums, added to the first of",
)
FOLD_ADD_F32 = _fold(
    "fold_add_f32", F32, meanings.fold_add_f32, "The sum, from left to right, rounded at every step, of"
)
FOLD_NUMPY_F32 = _fold(
    "fold_numpy_f32", F32, meanings.fold_numpy_f32,
    "numpy's sum of at most 128 elements, rounded at every step, eight partial sums, added to the first of",
)  # fmt: skip
FOLD_IADD = _fold("fold_iadd", I64, meanings.fold_iadd, "The sum, in two's complement, of")
FOLD_IMIN = _fold("fold_imin", I64, meanings.fold_imin, "The least of")
FOLD_IMAX = _fold("fold_imax", I64, meanings.fold_imax, "The greatest of")
FOLD_MIN = _fold("fold_min", F64, meanings.fold_min, "Python's min, from left to right, of")
FOLD_MAX = _fold("fold_max", F64, meanings.fold_max, "Python's max, from left to right, of")
#: Words for trials of the row alone; a graph's lookups have tables of their own: `lookup_in`.
_SAMPLE = (0, -1, 1, 2**63 - 1, -(2**63), 0x0123456789ABCDEF, -2, 2**32)
LOOKUP = replace(
    operator(
        "lookup", Family.TABLE, "n", (I64,), I64, PLAIN, partial(meanings.looked_up, _SAMPLE),
        "The element of a constant table at n mod its length, which is a power of two.",
    ),
    table=_SAMPLE,
)  # fmt: skip
AS_UNIT = operator(
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

#: What reads and writes single places of carried arrays.
PLACES = frozenset({GET, PUT})
#: What makes one value of the elements of an array, one after the other.
FOLDS = frozenset(op for op in OPS.values() if op.family is Family.FOLD)
#: What takes an array as a whole; everything else takes single values, or arrays element by element.
ON_ARRAYS = frozenset(op for op in OPS.values() if op.on_arrays)
#: The rows of each family, one for each format.
FAMILIES: dict[Family, tuple[Op, ...]] = {
    family: tuple(op for op in OPS.values() if op.family is family) for family in Family
}
#: The row of each f64 op that computes the same in binary32.
IN_F32: dict[Op, Op] = {op: OPS[f"{name}_f32"] for name, op in OPS.items() if f"{name}_f32" in OPS}
