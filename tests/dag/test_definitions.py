"""An operator that its row defines by others is that definition, to the bit: proofs take it apart so."""

from __future__ import annotations

import ast
from itertools import product

import pytest

from compile.campaign.drawing.special_values import SPECIAL_F64, SPECIAL_I64
from dag.operators.op import Op
from dag.operators.table import OPS
from dag.values.types import F64, I64, Value
from dag.values.words import word_of

SPECIAL = {F64: SPECIAL_F64, I64: SPECIAL_I64}


def value_of(part: ast.expr, named: dict[str, Value]) -> Value:
    match part:
        case ast.Name(id=name):
            return named[name]
        case ast.Call(func=ast.Name(id=operator), args=arguments):
            return OPS[operator].compute(*(value_of(each, named) for each in arguments))  # type: ignore[no-any-return]
        case _:
            return ast.literal_eval(part)  # type: ignore[no-any-return]


def differing(op: Op, definition: str) -> list[str]:
    body = ast.parse(definition, mode="eval").body
    found: list[str] = []
    for values in product(*(SPECIAL[type_] for type_ in op.takes)):  # type: ignore[index]
        defined, meant = value_of(body, dict(zip(op.operands, values, strict=True))), op.meaning(*values)
        if word_of(defined, op.gives) != word_of(meant, op.gives):  # type: ignore[arg-type]
            found.append(f"{op}{values} is {meant}, and {definition} is {defined}")
    return found


@pytest.mark.parametrize("op", [op for op in OPS.values() if op.definition], ids=str)
def test_a_definition_equals_the_meaning(op: Op) -> None:
    assert differing(op, op.definition) == []


def test_a_wrong_definition_is_noticed() -> None:
    assert differing(OPS["min"], "select(lt(a, b), a, b)")
    assert differing(OPS["iabs"], "select(ilt(x, 0), x, ineg(x))")
