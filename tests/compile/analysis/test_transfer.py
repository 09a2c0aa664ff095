"""Each op's rule over every interval between special values: whatever the op gives for values inside is inside."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from compile.analysis import float_transfer, transfer
from compile.analysis.facts import TINY_F64, Codes, Fact, Floats, floats, integers, of_value, tiny
from dag.operators import table as ops
from dag.operators.op import Op, T
from dag.operators.table import OPS
from dag.values.types import BOOL, F32, F64, I32, I64, Kind, Type, Value, array_type

#: Few enough for every pair of intervals of them, and what is special about each is unlike the others.
F64_POINTS = (-math.inf, -1e308, -3.0, -0.5, -5e-324, 0.0, 2.0**-1022, 0.75, 2.0, 2.0**63, math.inf)
F32_POINTS = (-math.inf, -3.0, -(2.0**-149), 0.0, 2.0**-126, 0.75, 2.0**31, 3.4028234663852886e38, math.inf)
I64_POINTS = (-(1 << 63), -(1 << 31) - 1, -5, -1, 0, 1, 6, 64, (1 << 62), (1 << 63) - 1)
I32_POINTS = (-(1 << 31), -7, 0, 1, 0x3F80_0000, (1 << 31) - 1)
#: How many combinations of operand facts of one op are tried; all of them where there are no more.
COMBINATIONS = 300


def facts_of(type_: Type) -> list[Fact]:
    """Intervals between the points, with and without zeros, NaN and a gap around zero."""
    found: list[Fact] = []
    match type_.kind:
        case Kind.F64 | Kind.F32:
            points = F32_POINTS if type_ == F32 else F64_POINTS
            for lo, hi in itertools.combinations_with_replacement(points, 2):
                found.append(floats(lo, hi, least=tiny(type_)))
                if lo <= 0.0 <= hi:
                    found.append(floats(lo, hi, True, True, False, tiny(type_)))
                    found.append(floats(lo, hi, False, False, True, 0.5))
                    found.append(floats(lo, hi, False, False, False, tiny(type_)))
        case Kind.I64 | Kind.I32:
            points_of_int = I32_POINTS if type_ == I32 else I64_POINTS
            for low, high in itertools.combinations_with_replacement(points_of_int, 2):
                found += [integers(low, high), integers(low, high, zero=False)]
        case Kind.BOOL | Kind.ENUM:
            found += [Codes(frozenset(codes)) for codes in ({0}, {1}, {0, 1})]
    return found


def members(fact: Fact, type_: Type) -> list[Value]:
    """Values that the fact holds: its ends, their neighbours, zeros, NaN and the points inside."""
    if isinstance(fact, Codes):
        return [bool(code) if type_ == BOOL else code for code in fact.values]
    if isinstance(fact, Floats):
        step = tiny(type_)
        near = [fact.lo, fact.hi, fact.lo + step, fact.hi - step, fact.least, -fact.least, 1.0, -2.0, 1.5]
        pool: list[Value] = [*near, *(F32_POINTS if type_ == F32 else F64_POINTS), 0.0, -0.0, math.nan]
    else:
        pool = [fact.lo, fact.hi, fact.lo + 1, fact.hi - 1, *(I32_POINTS if type_ == I32 else I64_POINTS)]
    inside = [value for value in pool if fact.contains(value)]
    return [float(np.float32(value)) for value in inside] if type_ == F32 else inside


def operand_types(op: Op) -> tuple[Type, ...]:
    return tuple(wanted if isinstance(wanted, Type) else F64 if wanted is T else I64 for wanted in op.takes)


def violations(op: Op, rng: np.random.Generator) -> list[str]:
    """The results outside the rule's fact, over random combinations of facts and all of their members."""
    types = operand_types(op)
    if ops.ENUM_EQ is op or Kind.ENUM in op.takes:
        types = tuple(BOOL for _ in types)
    result = op.gives if isinstance(op.gives, Type) else types[-1]
    pools = [facts_of(type_) for type_ in types]
    every = math.prod(map(len, pools))
    tried = COMBINATIONS if len(types) < 3 else COMBINATIONS // 10  # the exact meaning of fma is slow
    combinations = (
        list(itertools.product(*pools))
        if every <= tried
        else [tuple(pool[rng.integers(len(pool))] for pool in pools) for _ in range(tried)]
    )
    wrong: list[str] = []
    for facts in combinations:
        said = transfer.transfer(op, facts, result)
        choices = [members(fact, type_) for fact, type_ in zip(facts, types, strict=True)]
        for values in itertools.product(*(each[:9] if len(types) > 2 else each for each in choices)):
            got = op.meaning(*values)
            if not said.contains(got):
                wrong.append(f"{op}{values} = {got!r} is not in {said}, from {facts}")
        same = len(types) == 2 and types[0] == types[1]
        for value in choices[0] if same else ():
            if not transfer.transfer(op, (facts[0], facts[0]), result, same=True).contains(op.meaning(value, value)):
                wrong.append(f"{op}({value}, itself) from {facts[0]}")
    return wrong


@pytest.mark.parametrize("op", [op for op in OPS.values() if op not in ops.ON_ARRAYS], ids=str)
def test_results_are_inside(op: Op) -> None:
    wrong = violations(op, np.random.default_rng(1))
    assert not wrong, wrong[0]


def test_every_op_has_a_rule() -> None:
    assert set(transfer.RULES) == set(OPS.values()) - {
        ops.GET,
        ops.INDEXES,
        *ops.FOLDS,
    }  # element_of, folded and what counts places, which take the length too


def test_ranges_of_array_elements() -> None:
    array, of_three = integers(3, 9), array_type(I64, 3)
    assert transfer.element_of(array, integers(0, 2), of_three) == array
    assert transfer.element_of(array, integers(0, 3), of_three) == integers(0, 9)
    assert transfer.element_of(array, integers(-1, 0), of_three) == integers(0, 9)
    for enable, expected in ((Codes(frozenset({0})), array), (Codes(frozenset({0, 1})), integers(3, 40))):
        assert transfer.transfer(ops.PUT, (array, integers(0, 0), integers(40, 40), enable), of_three) == expected
    nothing = integers(1, 0)
    assert transfer.transfer(ops.PUT, (array, integers(0, 0), nothing, Codes(frozenset({0, 1}))), of_three) == array


def test_a_wrong_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def never_zero(a: Floats, b: Floats) -> Fact:
        found = float_transfer.subtract(ops.SUB.meaning, 2.0**-1074, a, b)
        return floats(found.lo, found.hi, found.nan, False, False, found.least)

    monkeypatch.setitem(transfer.RULES, ops.SUB, never_zero)
    assert violations(ops.SUB, np.random.default_rng(1))


def test_bounds_are_tight_where_they_can_be() -> None:
    unit, two = floats(0.0, 1.0), floats(2.0, 2.0)
    assert transfer.transfer(ops.DIV, (unit, two), F64) == floats(0.0, 0.5, minus_zero=True, least=2.0**-1074)
    assert transfer.transfer(ops.IMOD, (integers(-9, 9), integers(5, 7)), I64) == integers(0, 6)
    assert transfer.transfer(ops.IMUL, (integers(0, 1 << 40), integers(0, 1 << 40)), I64) == integers(
        -(1 << 63), (1 << 63) - 1
    )


@pytest.mark.parametrize("start", [math.inf, -math.inf])
def test_a_fold_that_starts_at_an_infinity_stays_there_or_is_nan(start: float) -> None:
    """inf + -inf has no bound: the sum of the ends must not stand for one."""
    array = floats(-math.inf, math.inf, True, True, False, TINY_F64)
    count, first = integers(0, 3), integers(0, 0)
    found = transfer.folded(ops.FOLD_ADD, (array, first, count, of_value(start, F64)), 3)
    assert found.contains(start)
    assert found.contains(math.nan)
