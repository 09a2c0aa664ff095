"""The meanings of the ops against what we did not write: numpy's IEEE arithmetic, exact fractions, integers, Python's own."""

from __future__ import annotations

import ctypes
import ctypes.util
import math
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from compile.campaign.drawing.special_values import SPECIAL_F32, SPECIAL_F64, SPECIAL_I32, SPECIAL_I64
from dag.operators import table as ops
from dag.operators.meanings import I64_MIN
from dag.operators.op import Op, UnitRule
from dag.operators.table import OPS
from dag.values.types import BOOL, F32, F64, I32, I64, Kind, Type, array_type, enum_type
from dag.values.words import CANONICAL_NAN, CANONICAL_NAN_32, word_of


def high_by_digits(a: Any, b: Any) -> Any:
    """The upper word of a product by the school's multiplication, a hexadecimal digit at a time."""
    x, y = ([int(digit, 16) for digit in reversed(f"{int(n.view(np.uint64)[0]):016x}")] for n in (a, b))
    columns = [0] * 33
    for i, j in product(range(16), repeat=2):
        columns[i + j] += x[i] * y[j]
    for k in range(32):
        columns[k + 1] += columns[k] // 16
    digits = "".join(f"{columns[k] % 16:x}" for k in reversed(range(16, 32)))
    return np.array([int(digits, 16)], np.uint64).view(np.int64)


NUMPY_F64: dict[Op, Callable[..., Any]] = {
    ops.ADD: np.add, ops.SUB: np.subtract, ops.MUL: np.multiply, ops.DIV: np.divide, ops.NEG: np.negative,
    ops.ABS: np.abs, ops.SQRT: np.sqrt, ops.RINT: np.rint, ops.FLOOR: np.floor, ops.CEIL: np.ceil,
    ops.TRUNC: np.trunc, ops.LT: np.less, ops.LE: np.less_equal, ops.GT: np.greater, ops.GE: np.greater_equal,
    ops.EQ: np.equal, ops.NE: np.not_equal, ops.F64_BITS: lambda x: np.where(np.isnan(x), CANONICAL_NAN, x.view(np.int64)),
}  # fmt: skip
NUMPY_I64: dict[Op, Callable[..., Any]] = {
    ops.IADD: np.add, ops.ISUB: np.subtract, ops.IMUL: np.multiply, ops.INEG: np.negative, ops.IABS: np.abs,
    ops.IMIN: np.minimum, ops.IMAX: np.maximum, ops.IAND: np.bitwise_and, ops.IOR: np.bitwise_or,
    ops.IXOR: np.bitwise_xor, ops.SHL: lambda a, n: np.left_shift(a, n & 63),
    ops.SHR: lambda a, n: np.right_shift(a, n & 63), ops.ILT: np.less, ops.ILE: np.less_equal, ops.IGT: np.greater,
    ops.LSHR: lambda a, n: np.right_shift(a.view(np.uint64), (n & 63).view(np.uint64)).view(np.int64),
    ops.ULT: lambda a, b: np.less(a.view(np.uint64), b.view(np.uint64)),
    ops.MULTIPLY_HIGH: high_by_digits,
    ops.CLZ: lambda x: 64 - np.sum(np.cumsum(np.unpackbits(x.astype(">i8").view(np.uint8))) > 0, keepdims=True),
    ops.LOOKUP: lambda n: np.array(ops.LOOKUP.table)[np.mod(n, len(ops.LOOKUP.table))],
    ops.IGE: np.greater_equal, ops.IEQ: np.equal, ops.INE: np.not_equal,
    ops.I64_TO_F64: lambda n: n.astype(np.float64), ops.BITS_F64: lambda n: n.view(np.float64),
}  # fmt: skip
NUMPY_F32: dict[Op, Callable[..., Any]] = {
    ops.IN_F32[op]: theirs for op, theirs in NUMPY_F64.items() if op in ops.IN_F32
} | {
    ops.F32_TO_F64: lambda x: x.astype(np.float64), ops.F32_BITS: lambda x: np.where(np.isnan(x), CANONICAL_NAN_32, x.view(np.int32)),
}  # fmt: skip
NUMPY_I32: dict[Op, Callable[..., Any]] = {
    ops.I32_TO_I64: lambda n: n.astype(np.int64), ops.BITS_F32: lambda n: n.view(np.float32),
}  # fmt: skip


def word(value: Any, type_: Type) -> int:
    return word_of(value, type_)


_TYPES: dict[type, Type] = {np.float64: F64, np.float32: F32, np.int64: I64, np.int32: I32}


def check_against_numpy(op: Op, theirs: Callable[..., Any], values: tuple[Any, ...], dtype: type) -> None:
    result = op.result_type(tuple(_TYPES[dtype] for _ in op.operands))
    assert result is not None
    for row in product(values, repeat=len(op.operands)):
        with np.errstate(all="ignore"):
            expected = theirs(*(np.array([each], dtype=dtype) for each in row))[0].item()
        assert word(op.meaning(*row), result) == word(expected, result), row


@pytest.mark.parametrize("op", NUMPY_F64, ids=str)
def test_floats_are_numpys(op: Op) -> None:
    check_against_numpy(op, NUMPY_F64[op], SPECIAL_F64, np.float64)


@pytest.mark.parametrize("op", NUMPY_I64, ids=str)
def test_integers_are_numpys(op: Op) -> None:
    check_against_numpy(op, NUMPY_I64[op], SPECIAL_I64, np.int64)


@pytest.mark.parametrize("op", NUMPY_F32, ids=str)
def test_binary32_is_numpys(op: Op) -> None:
    check_against_numpy(op, NUMPY_F32[op], SPECIAL_F32, np.float32)


@pytest.mark.parametrize("op", NUMPY_I32, ids=str)
def test_short_integers_are_numpys(op: Op) -> None:
    check_against_numpy(op, NUMPY_I32[op], SPECIAL_I32, np.int32)


def libm(name: str, type_: Any) -> Callable[..., float]:
    """A function of the C library; it rounds a fused multiply-add once, in hardware or in software."""
    library = ctypes.util.find_library("m")
    if library is None:
        pytest.skip("no libm to compare with")
    function = getattr(ctypes.CDLL(library), name)
    function.restype, function.argtypes = type_, [type_] * 3
    return lambda *row: float(function(*row))


def fused_rows(values: tuple[float, ...], digits: int, tiny: float) -> list[tuple[float, ...]]:
    """Every triple of some special values, and products beside what is added: cancellation, ties, subnormal results."""
    few = [x for k, x in enumerate(values) if k % 3 == 0 or x != x or x == 0.0 or abs(x) == math.inf]
    rng = np.random.default_rng(5)
    rows: list[tuple[float, ...]] = list(product(few, repeat=3))
    for _ in range(4000):
        a, b = (float(x) for x in rng.integers(1 << (digits - 1), 1 << digits, 2))
        scale = 2.0 ** int(rng.integers(-60, 60))
        c = -a * b * (1 + int(rng.integers(-3, 4)) * 2.0**-digits) if rng.random() < 0.5 else a * 2.0**-digits * 1.5
        rows += [
            (a * scale, b, c * scale),
            (a * tiny, b * 2.0 ** -int(rng.integers(digits, 3 * digits)), c * tiny * 2.0**-digits),
        ]
    return rows


@pytest.mark.parametrize(
    ("op", "name", "type_", "rows"),
    [
        (ops.FMA, "fma", ctypes.c_double, fused_rows(SPECIAL_F64, 53, 2.0**-1060)),
        (ops.FMA_F32, "fmaf", ctypes.c_float, fused_rows(SPECIAL_F32, 24, 2.0**-140)),
    ],
    ids=["fma", "fmaf"],
)
def test_fused_multiply_add_is_that_of_the_c_library(
    op: Op, name: str, type_: Any, rows: list[tuple[float, ...]]
) -> None:
    theirs, result = libm(name, type_), op.gives
    assert isinstance(result, Type)
    for row in rows:
        held = tuple(float(type_(x).value) for x in row)
        assert word(op.meaning(*held), result) == word(theirs(*held), result), held


def test_floor_division_is_pythons() -> None:
    for a, b in product(SPECIAL_I64, repeat=2):
        if b:
            assert ops.IDIV.meaning(a, b) == (I64_MIN if (a, b) == (I64_MIN, -1) else a // b)
            assert ops.IMOD.meaning(a, b) == a % b
        else:
            assert (ops.IDIV.meaning(a, b), ops.IMOD.meaning(a, b)) == (0, 0)


@pytest.mark.parametrize(("op", "digits", "least"), [(ops.FLUSH, 52, -1022), (ops.FLUSH_F32, 23, -126)], ids=str)
def test_flushing_leaves_zeros_and_what_is_above_the_least_normal(op: Op, digits: int, least: int) -> None:
    smallest = 2.0**least
    for x in (0.0, smallest, smallest * 0.5, 2.0 ** (least - digits)):
        assert (op.meaning(x).hex(), op.meaning(-x).hex()) == ("0x0.0p+0", "-0x0.0p+0")
    for x in (smallest * (1 + 2.0**-digits), 1.0, math.inf):
        assert (op.meaning(x), op.meaning(-x)) == (x, -x)
    assert math.isnan(op.meaning(math.nan))


def test_conversions_round_once() -> None:
    for x in SPECIAL_F64:
        with np.errstate(over="ignore"):
            assert word(ops.F64_TO_F32.meaning(x), F32) == word(float(np.float32(x)), F32), x
    for n in (*SPECIAL_I64, (1 << 62) + (1 << 38), (1 << 62) + (1 << 38) + 1, (1 << 62) + (1 << 38) - 1):
        assert ops.I64_TO_F32.meaning(n) == float(np.int64(n).astype(np.float32)), n
        assert ops.I64_TO_I32.meaning(n) == int(np.int64(n).astype(np.int32)), n
    for x in SPECIAL_F32:
        assert ops.F32_TO_I64.meaning(x) == ops.F64_TO_I64.meaning(x)


FINITE = [x for x in SPECIAL_F64 if math.isfinite(x)]


def nearest(exact: Fraction) -> float:
    """The double next to an exact result; Python divides integers with one correct rounding."""
    try:
        return exact.numerator / exact.denominator
    except OverflowError:
        return math.inf if exact > 0 else -math.inf


@pytest.mark.parametrize(
    ("op", "exactly"),
    [
        (ops.ADD, lambda a, b: a + b),
        (ops.SUB, lambda a, b: a - b),
        (ops.MUL, lambda a, b: a * b),
        (ops.DIV, lambda a, b: a / b if b else None),
    ],
    ids=["add", "sub", "mul", "div"],
)
def test_arithmetic_is_the_exact_result_rounded_once(op: Op, exactly: Callable[..., Fraction | None]) -> None:
    for a, b in product(FINITE, repeat=2):
        exact = exactly(Fraction(a), Fraction(b))
        if exact:  # the sign of a zero is not the fraction's to say
            assert op.meaning(a, b) == nearest(exact), (a, b)


def test_the_square_root_is_the_nearest_double() -> None:
    for x in FINITE:
        if x > 0.0:
            root = ops.SQRT.meaning(x)
            below = (Fraction(root) + Fraction(math.nextafter(root, 0.0))) / 2
            above = (Fraction(root) + Fraction(math.nextafter(root, math.inf))) / 2
            assert below**2 <= Fraction(x) <= above**2, x


def test_rounding_to_integers_is_that_of_exact_fractions() -> None:
    for x in FINITE:
        exact = Fraction(x)
        assert ops.RINT.meaning(x) == round(exact)
        assert ops.FLOOR.meaning(x) == math.floor(exact)
        assert ops.CEIL.meaning(x) == math.ceil(exact)
        assert ops.TRUNC.meaning(x) == math.trunc(exact)
        for op in (ops.RINT, ops.FLOOR, ops.CEIL, ops.TRUNC):
            assert math.copysign(1.0, op.meaning(x)) == math.copysign(1.0, x)


@pytest.mark.parametrize(
    ("op", "python"), [(ops.MIN, min), (ops.MAX, max), (ops.MIN_F32, min), (ops.MAX_F32, max)], ids=str
)
def test_min_and_max_are_pythons_own(op: Op, python: Callable[..., float]) -> None:
    for a, b in product(SPECIAL_F64, repeat=2):
        assert word(op.meaning(a, b), F64) == word(python(a, b), F64), (a, b)


def test_conversion_to_integers_by_hand() -> None:
    cases = {
        0.0: 0, 5e-324: 0, 0.999: 0, -0.999: 0, 1.5: 1, -1.5: -1, 2.0**53: 1 << 53, 2.0**62: 1 << 62,
        math.nextafter(2.0**63, 0.0): (1 << 63) - 1024, 2.0**63: (1 << 63) - 1, 1e300: (1 << 63) - 1,
        math.inf: (1 << 63) - 1, -(2.0**63): -(1 << 63), math.nextafter(-(2.0**63), -math.inf): -(1 << 63),
        -math.inf: -(1 << 63), math.nan: 0,
    }  # fmt: skip
    for x, expected in cases.items():
        assert ops.F64_TO_I64.meaning(x) == expected, x
    assert ops.F64_TO_I64.meaning(-0.0) == 0


def test_logic_choice_and_relabelling() -> None:
    for a, b in product((False, True), repeat=2):
        assert (ops.AND.meaning(a, b), ops.OR.meaning(a, b), ops.NOT.meaning(a)) == (a & b, a | b, 1 - a)
        assert ops.ENUM_EQ.meaning(int(a), int(b)) == (a is b)
        assert ops.SELECT.meaning(a, "yes", "no") == ["no", "yes"][a]
        assert ops.BOOL_TO_I64.meaning(a) == [0, 1][a]
    assert ops.ENUM_TO_I64.meaning(-1) == -1
    assert ops.AS_UNIT.meaning(-0.0).hex() == "-0x0.0p+0"


def test_arrays_by_hand() -> None:
    assert [ops.GET.meaning((1.5, -0.0), i) for i in (0, 2, -1, 1 << 62)] == [1.5, 0.0, 0.0, 0.0]
    assert word(ops.GET.meaning((1.5, -0.0), 1), F64) == word(-0.0, F64)
    assert ops.GET.meaning((True,), 7) is False
    assert ops.PUT.meaning((1, 2, 3), 1, 9, True) == (1, 9, 3)
    for index, enable in ((1, False), (3, True), (-1, True)):
        assert ops.PUT.meaning((1, 2, 3), index, 9, enable) == (1, 2, 3)
    of_three = array_type(F64, 3)
    assert ops.GET.result_type((of_three, I64)) == F64
    assert ops.PUT.result_type((of_three, I64, F64, BOOL)) == of_three
    assert ops.PUT.result_type((of_three, I64, I64, BOOL)) is None
    assert ops.PUT.result_type((F64, I64, F64, BOOL)) is None
    assert ops.FOLD_ADD.result_type((of_three, I64, I64, F64)) == F64
    assert ops.FOLD_IADD.result_type((of_three, I64, I64, I64)) is None
    assert ops.FOLD_ADD.result_type((F64, I64, I64, F64)) is None


def test_element_by_element() -> None:
    of_three, flags = array_type(F64, 3), array_type(BOOL, 3)
    assert ops.ADD.result_type((of_three, F64)) == ops.SELECT.result_type((flags, F64, of_three)) == of_three
    assert ops.SELECT.result_type((flags, F64, F64)) == of_three
    assert ops.LT.result_type((F64, of_three)) == flags
    assert ops.ADD.result_type((of_three, array_type(F64, 2))) is None
    assert ops.ADD.result_type((of_three, I64)) is None
    assert ops.SUB.compute((3.0, 1.0), 0.5) == (2.5, 0.5)
    assert ops.SELECT.compute((True, False), 1.0, (2.0, 3.0)) == (1.0, 3.0)
    assert ops.SUB.compute(3.0, 0.5) == 2.5


def test_folds_by_hand() -> None:
    ring = (1.0, 1e16, -1e16, 3.0)
    assert ops.ROTATE.meaning(ring) == (1e16, -1e16, 3.0, 1.0)
    assert ops.SPREAD.meaning(-0.5, ring) == (-0.5, -0.5, -0.5, -0.5)
    assert ops.INDEXES.meaning(ring) == (0, 1, 2, 3)
    assert ops.FOLD_ADD.meaning(ring, 0, 4, 0.0) == ((0.0 + 1.0 + 1e16) - 1e16) + 3.0
    assert ops.FOLD_ADD.meaning(ring, 3, 3, 0.5) == ((0.5 + 3.0) + 1.0) + 1e16
    assert [ops.FOLD_ADD.meaning(ring, first, 1, 0.0) for first in (-1, 7)] == [3.0, 3.0]
    assert [ops.FOLD_ADD.meaning(ring, 0, count, 0.5) for count in (0, -3)] == [0.5, 0.5]
    assert ops.FOLD_ADD.meaning(ring, 1, 99, 0.0) == ops.FOLD_ADD.meaning(ring, 1, 4, 0.0)
    assert word(ops.FOLD_ADD.meaning((-0.0,), 0, 1, -0.0), F64) == word(-0.0, F64)
    assert ops.FOLD_IADD.meaning(((1 << 63) - 1, 1), 0, 2, 0) == -(1 << 63)
    assert ops.FOLD_IMIN.meaning((3, -(1 << 63), 7), 1, 2, 5) == -(1 << 63)
    assert ops.FOLD_IMAX.meaning((3, -4, 7), 2, 2, -9) == 7
    assert ops.FOLD_IMAX.meaning((3, 4), 0, 0, -9) == -9
    assert ops.FOLD_MIN.meaning((math.nan, -1.0, 2.0), 0, 3, math.inf) == -1.0
    assert math.isnan(ops.FOLD_MIN.meaning((1.0,), 0, 1, math.nan))
    assert word(ops.FOLD_MAX.meaning((-0.0, 0.0), 0, 2, -1.0), F64) == word(-0.0, F64)


def test_folds_of_binary32_round_at_every_step() -> None:
    ring = (16777216.0, 1.0, 1.0, -16777216.0)
    assert ops.FOLD_ADD.meaning(ring, 0, 4, 0.0) == 2.0
    assert ops.FOLD_ADD_F32.meaning(ring, 0, 4, 0.0) == 0.0
    assert ops.FOLD_ADD_F32.meaning((3.0e38, 3.0e38), 0, 2, 0.0) == math.inf
    assert ops.FOLD_NUMPY_F32.meaning((1.0,), 0, 1, 16777216.0) == 16777216.0
    assert ops.FOLD_ADD_F32.result_type((array_type(F32, 3), I64, I64, F32)) == F32
    assert ops.FOLD_ADD_F32.result_type((array_type(F64, 3), I64, I64, F32)) is None


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 15, 16, 17, 23, 64, 100, 127, 128])
def test_a_sum_in_the_order_of_numpy(count: int) -> None:
    rng = np.random.default_rng(count)
    for _ in range(50):
        values = rng.normal(size=count) * 10.0 ** rng.integers(-12, 12, count)
        expected = float(np.sum(values))
        assert ops.FOLD_NUMPY.meaning(tuple(values.tolist()), 0, count, 0.0).hex() == expected.hex()
        narrow = values.astype(np.float32)
        assert ops.FOLD_NUMPY_F32.meaning(tuple(narrow.tolist()), 0, count, 0.0).hex() == float(np.sum(narrow)).hex()


def test_every_op_has_been_held_to_something() -> None:
    by_hand = {
        ops.MIN, ops.MAX, ops.F64_TO_I64, ops.AND, ops.OR, ops.NOT, ops.ENUM_EQ, ops.SELECT, ops.BOOL_TO_I64,
        ops.ENUM_TO_I64, ops.AS_UNIT, ops.FMA, ops.FMA_F32, ops.IDIV, ops.IMOD, ops.FLUSH, ops.FLUSH_F32, ops.MIN_F32,
        ops.GET, ops.PUT, ops.MAX_F32, ops.F64_TO_F32, ops.I64_TO_F32, ops.I64_TO_I32, ops.F32_TO_I64,
        ops.ROTATE, ops.SPREAD, ops.INDEXES, *ops.FOLDS,
    }  # fmt: skip
    assert {*NUMPY_F64, *NUMPY_I64, *NUMPY_F32, *NUMPY_I32, *by_hand} == set(OPS.values())


@pytest.mark.parametrize("op", OPS.values(), ids=str)
def test_a_row_of_the_table_is_whole(op: Op) -> None:
    assert len(op.operands) == len(op.takes) == len(set(op.operands))
    assert op.doc.endswith((".", "Python's max."))
    assert isinstance(op.units, UnitRule)


def test_operands_that_do_not_fit_give_no_type() -> None:
    side, other = enum_type("Side", {"BUY": 1}), enum_type("Other", {"BUY": 1})
    assert ops.ADD.result_type((F64, I64)) is None
    assert ops.ADD.result_type((F64,)) is None
    assert ops.SELECT.result_type((BOOL, F64, I64)) is None
    assert ops.SELECT.result_type((BOOL, side, side)) == side
    assert ops.ENUM_EQ.result_type((side, other)) is None
    assert ops.ENUM_EQ.result_type((I64, I64)) is None
    assert ops.ENUM_EQ.result_type((side, side)) == BOOL
    assert Kind.ENUM is side.kind
