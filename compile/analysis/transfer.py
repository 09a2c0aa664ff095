"""One rule for each op: the fact of its result from the facts of its operands. The fact of an array is that of any of its elements;
`get`, which asks for the array's length too, is `element_of`."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from compile.analysis import float_transfer as f
from compile.analysis import integer_transfer as i
from compile.analysis.facts import (
    I32_RANGE,
    I64_RANGE,
    TINY_F32,
    TINY_F64,
    Codes,
    Fact,
    Floats,
    Integers,
    bottom,
    floats,
    integers,
    is_empty,
    join,
    of_value,
)
from dag.operators import table as ops
from dag.operators.meanings import LEAST_NORMAL_F32, LEAST_NORMAL_F64, i64_to_f32
from dag.operators.op import Family, Op
from dag.operators.table import FAMILIES, IN_F32
from dag.values.domain import F32_MAX
from dag.values.types import BOOL, F32, F64, Type

Rule = Callable[..., Fact]


def element_of(array: Fact, index: Fact, type_: Type) -> Fact:
    """What `array[index]` can be for an array of `type_`: any of its elements, and zero where the index may be outside."""
    assert isinstance(index, Integers)
    assert type_.length is not None
    if is_empty(index) or is_empty(array):
        return bottom(type_)
    inside = index.lo >= 0 and index.hi < type_.length
    return array if inside else join(array, of_value(0, type_))


def folded(op: Op, operands: tuple[Fact, ...], length: int) -> Fact:
    """What a fold of up to `length` elements can give; `exact_sum_of` says what an integer sum is before it wraps."""
    array, _, _, initial = operands
    if is_empty(initial) or is_empty(array):
        return initial
    if op is ops.FOLD_IADD:
        least, most = exact_sum_of(operands, length)
        fits = I64_RANGE[0] <= least and most <= I64_RANGE[1]
        return integers(least, most) if fits else integers(*I64_RANGE)
    if op in _EXTREMES:
        return join(initial, RULES[_EXTREMES[op]](initial, array))
    assert isinstance(array, Floats)
    assert isinstance(initial, Floats)
    # Rounding is monotone: so many times the largest, each sum rounded up by less than one part in 2^52, or 2^23 in binary32.
    is_narrow = op.gives == F32
    grown = 1.0 + (length + 1) * (2.0**-22 if is_narrow else 2.0**-51)
    # An infinite start stays what it is, or meets the other infinity and is NaN: the bound is then the start's own.
    hi = initial.hi if math.isinf(initial.hi) else initial.hi + length * max(array.hi, 0.0) * grown
    lo = initial.lo if math.isinf(initial.lo) else initial.lo + length * min(array.lo, 0.0) * grown
    hi, lo = (hi * grown if hi > 0.0 else hi / grown), (lo * grown if lo < 0.0 else lo / grown)
    if is_narrow:
        hi, lo = (math.inf if hi > F32_MAX else hi), (-math.inf if lo < -F32_MAX else lo)
    above, below = max(hi, initial.hi, array.hi), min(lo, initial.lo, array.lo)
    nan = array.nan or initial.nan or (above == math.inf and below == -math.inf)
    zero = lo <= 0.0 <= hi
    return floats(lo, hi, nan, zero, initial.minus_zero and zero, TINY_F32 if is_narrow else TINY_F64)


#: The folds that choose one of their values, with the op that chooses between two.
_EXTREMES = {ops.FOLD_MIN: ops.MIN, ops.FOLD_MAX: ops.MAX, ops.FOLD_IMIN: ops.IMIN, ops.FOLD_IMAX: ops.IMAX}


def exact_sum_of(operands: tuple[Fact, ...], length: int) -> tuple[int, int]:
    """The ends of a sum of up to `length` integers, before it wraps."""
    array, _, _, initial = operands
    assert isinstance(array, Integers)
    assert isinstance(initial, Integers)
    return initial.lo + length * min(array.lo, 0), initial.hi + length * max(array.hi, 0)


def transfer(op: Op, operands: tuple[Fact, ...], type_: Type, same: bool = False) -> Fact:
    """What `op` can give, of type `type_`, for operands that `operands` hold; `same` where both are one node."""
    if op not in (ops.SELECT, ops.PUT) and any(is_empty(each) for each in operands):
        return bottom(type_)
    if same and op in _OF_ONE_NODE:
        return _OF_ONE_NODE[op](operands[0])
    if op.table:
        (place,) = operands
        assert isinstance(place, Integers)
        return i.looked_up(op.table, place)
    return RULES[op](*operands)


def _put(array: Fact, index: Fact, value: Fact, enable: Codes) -> Fact:
    return array if enable.values == {0} or is_empty(index) else join(array, value)


def _on_numbers(rule: Rule, op: Op, smallest: float) -> Rule:
    return partial(rule, op.meaning, smallest)


def _not(x: Codes) -> Codes:
    return Codes(frozenset(1 - code for code in x.values))


def _and(a: Codes, b: Codes) -> Fact:
    return Codes(frozenset(x & y for x in a.values for y in b.values))


def _or(a: Codes, b: Codes) -> Fact:
    return Codes(frozenset(x | y for x in a.values for y in b.values))


def _same_member(a: Codes, b: Codes) -> Fact:
    return Codes(frozenset(int(x == y) for x in a.values for y in b.values))


def _opposite(rule: Callable[..., Codes]) -> Rule:
    return lambda a, b: _not(rule(a, b))


def _swapped(rule: Rule) -> Rule:
    return lambda a, b: rule(b, a)


def _select(condition: Codes, a: Fact, b: Fact) -> Fact:
    match sorted(condition.values):
        case [1]:
            return a
        case [0]:
            return b
        case []:  # the condition itself is never reached
            return a
        case _:
            return join(a, b)


def _unchanged(x: Fact) -> Fact:
    return x


def _from_integer(to_float: Callable[[int], float], x: Integers) -> Fact:
    return floats(to_float(x.lo), to_float(x.hi), False, x.zero, False, 1.0)


def _code_to_integer(x: Codes) -> Fact:
    return integers(min(x.values), max(x.values), 0 in x.values) if x.values else integers(1, 0)


def _difference_of_one(x: Floats) -> Fact:
    """x - x: +0.0, or NaN where x is no finite number."""
    nan = x.nan or x.infinite
    return floats(0.0, 0.0, nan, True, False) if x.has_numbers else floats(math.inf, -math.inf, nan)


def _ordered(x: Floats) -> Codes:
    """x == x, x <= x, x >= x: whether x is a number."""
    return Codes(frozenset(({1} if x.has_numbers else set[int]()) | ({0} if x.nan else set[int]())))


def _never(x: Fact) -> Fact:
    """x < x, x > x, and x != x of an integer."""
    return of_value(False, BOOL)


def _always(x: Fact) -> Fact:
    return of_value(True, BOOL)


def _compared_with_itself(op: Op) -> Rule:
    """The rule of `x op x`: only NaN does not equal itself."""
    if op.symbol in ("<", ">"):
        return _never
    is_float = op.takes[0] in (F64, F32)
    if op.symbol == "!=":
        return (lambda x: _not(_ordered(x))) if is_float else _never
    return _ordered if is_float else _always


def _float_rows(op: Callable[[Op], Op], smallest: float, least_normal: float) -> dict[Op, Rule]:
    """The rules of one format's arithmetic; `op` finds the format's row of a binary64 op."""
    above = math.nextafter(least_normal, 1.0) if smallest == TINY_F64 else least_normal * (1.0 + 2.0**-23)
    rows: dict[Op, Rule] = {
        op(row): _on_numbers(rule, op(row), smallest)
        for row, rule in (
            (ops.ADD, f.add), (ops.SUB, f.subtract), (ops.MUL, f.multiply), (ops.DIV, f.divide),
            (ops.SQRT, f.square_root), (ops.FMA, f.fused),
        )
    }  # fmt: skip
    rows |= {op(row): partial(f.integral, op(row).meaning) for row in (ops.RINT, ops.FLOOR, ops.CEIL, ops.TRUNC)}
    return rows | {
        op(ops.NEG): f.negated,
        op(ops.ABS): f.absolute,
        op(ops.MIN): f.least_of,
        op(ops.MAX): f.greatest_of,
        op(ops.FLUSH): partial(f.rounded, op(ops.FLUSH).meaning, above),
        op(ops.LT): f.compare_less,
        op(ops.LE): f.compare_less_equal,
        op(ops.GT): _swapped(f.compare_less),
        op(ops.GE): _swapped(f.compare_less_equal),
        op(ops.EQ): f.compare_equal,
        op(ops.NE): _opposite(f.compare_equal),
    }


#: Every op of the table.
#: That of `indexes` depends on the length of its operand, which `compile.analysis.ranges` knows.
RULES: dict[Op, Rule] = {
    **_float_rows(lambda op: op, TINY_F64, LEAST_NORMAL_F64),
    **_float_rows(lambda op: IN_F32[op], TINY_F32, LEAST_NORMAL_F32),
    ops.IADD: i.add,
    ops.ISUB: i.subtract,
    ops.IMUL: i.multiply,
    ops.IDIV: i.divide,
    ops.IMOD: i.modulo,
    ops.INEG: i.negate,
    ops.IABS: i.absolute,
    ops.IMIN: i.least_of,
    ops.IMAX: i.greatest_of,
    ops.IAND: i.bit_and,
    ops.IOR: i.bit_or,
    ops.IXOR: i.bit_xor,
    ops.SHL: i.shift_left,
    ops.SHR: i.shift_right,
    ops.MULTIPLY_HIGH: i.multiply_high,
    ops.LSHR: i.logical_shift_right,
    ops.ULT: i.compare_unsigned,
    ops.CLZ: i.leading_zeros,
    ops.LOOKUP: partial(i.looked_up, ops.LOOKUP.table),
    ops.ILT: i.compare_less,
    ops.ILE: i.compare_less_equal,
    ops.IGT: _swapped(i.compare_less),
    ops.IGE: _swapped(i.compare_less_equal),
    ops.IEQ: i.compare_equal,
    ops.INE: _opposite(i.compare_equal),
    ops.AND: _and,
    ops.OR: _or,
    ops.NOT: _not,
    ops.ENUM_EQ: _same_member,
    ops.SELECT: _select,
    ops.I64_TO_F64: partial(_from_integer, float),
    ops.I64_TO_F32: partial(_from_integer, i64_to_f32),
    ops.F64_TO_I64: f.to_integer,
    ops.F32_TO_I64: f.to_integer,
    ops.F64_TO_F32: partial(f.rounded, ops.F64_TO_F32.meaning, TINY_F32),
    ops.F32_TO_F64: _unchanged,
    ops.I64_TO_I32: lambda x: i.narrow(x, I32_RANGE),
    ops.I32_TO_I64: _unchanged,
    ops.BOOL_TO_I64: _code_to_integer,
    ops.ENUM_TO_I64: _code_to_integer,
    ops.F64_BITS: lambda x: f.bits_of(x, single=False),
    ops.F32_BITS: lambda x: f.bits_of(x, single=True),
    ops.BITS_F64: lambda n: f.of_bits(n.lo, n.hi, single=False),
    ops.BITS_F32: lambda n: f.of_bits(n.lo, n.hi, single=True),
    ops.PUT: _put,
    ops.ROTATE: _unchanged,
    ops.SPREAD: lambda x, like: x,
    ops.AS_UNIT: _unchanged,
}

#: Where both operands are one node, its values are no independent pair.
_OF_ONE_NODE: dict[Op, Rule] = {
    ops.SUB: _difference_of_one,
    ops.SUB_F32: _difference_of_one,
    ops.MUL: _on_numbers(f.square, ops.MUL, TINY_F64),
    ops.MUL_F32: _on_numbers(f.square, ops.MUL_F32, TINY_F32),
    ops.ISUB: lambda x: integers(0, 0),
    ops.IXOR: lambda x: integers(0, 0),
    **{op: _compared_with_itself(op) for family in (Family.ORDER, Family.EQUALITY) for op in FAMILIES[family]},
}
