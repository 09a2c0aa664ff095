"""Which way a result was rounded, compared with exact fractions on special values, neighbours and ties."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from compile.campaign.drawing.inexact import DOWN, EXACT, ROUNDING, UNKNOWN, UP, sides
from compile.campaign.drawing.special_values import special_column
from dag.operators.op import Op
from dag.values.types import Type
from dag.values.words import Column, column_dtype

ROWS = 600


def operands(op: Op, rng: np.random.Generator) -> tuple[Column, ...]:
    columns = [special_column(rng, type_, (ROWS,)) for type_ in op.takes if isinstance(type_, Type)]
    short = rng.random(ROWS) < 0.5
    for column in columns:
        if column.dtype.kind == "f":
            with np.errstate(all="ignore"):
                few = np.ldexp(np.round(rng.uniform(-64, 64, ROWS)), rng.integers(-60, 8, ROWS))
                few = np.where(rng.random(ROWS) < 0.3, 1.0 + few * 2.0**-24, few).astype(column.dtype)
            column[short] = few[short]
        elif column.dtype.kind == "i":
            column[short] = (rng.choice([1 << 53, 3 << 23], ROWS) + rng.integers(-9, 9, ROWS))[short]
    return tuple(columns)


def exact_value(op: Op, args: list[float]) -> Fraction | None:
    a, *rest = (Fraction(arg) for arg in args)
    match op.name.removesuffix("_f32"):
        case "add":
            return a + rest[0]
        case "sub":
            return a - rest[0]
        case "mul":
            return a * rest[0]
        case "div":
            return a / rest[0] if rest[0] else None
        case "fma":
            return a * rest[0] + rest[1]
        case "sqrt":
            return None
        case _:
            return a


@pytest.mark.parametrize("op", ROUNDING, ids=str)
def test_the_side_is_that_of_exact_arithmetic(op: Op) -> None:
    rng = np.random.default_rng(len(op.name))
    args = operands(op, rng)
    assert isinstance(op.gives, Type)
    got = [op.meaning(*(arg[row].item() for arg in args)) for row in range(ROWS)]
    result = np.array(got, column_dtype(op.gives))
    side, tie = sides(op, args, result)
    seen: set[int] = set()
    with np.errstate(all="ignore"):
        toward = np.nextafter(result, np.where(side > 0, -np.inf, np.inf).astype(result.dtype))
    for row in range(ROWS):
        values = [arg[row].item() for arg in args]
        if not all(math.isfinite(value) for value in (*values, got[row])):
            continue
        if op.name.startswith("sqrt"):
            square = Fraction(got[row]) ** 2
            wanted = (square > Fraction(values[0])) - (square < Fraction(values[0]))
            assert not tie[row]
        else:
            exact = exact_value(op, values)
            if exact is None:
                continue
            over = Fraction(got[row]) - exact
            wanted = (over > 0) - (over < 0)
            away = float(toward[row])
            halfway = over != 0 and math.isfinite(away) and 2 * abs(over) == abs(Fraction(got[row]) - Fraction(away))
            if side[row] != UNKNOWN:
                assert bool(tie[row]) == halfway, (op.name, values, got[row])
        if side[row] != UNKNOWN or "fma" not in op.name:
            assert side[row] == wanted, (op.name, values, got[row])
            seen.add(int(side[row]))
    assert {DOWN, EXACT, UP} <= seen
    divides = op.name.startswith(("div", "sqrt"))
    assert divides or tie.any(), f"no tie of {op.name} was drawn"
