"""What an error says to write can be pasted where its caret stands: the rest of the expression stays what it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from compile.hazards.search import hazards
from compile.operand_text import bare
from dag.files.loading import lanes_in_file
from dag.trace import trace

HEADER = "from typing import Annotated\n\nfrom dagc import domain, lane\n\n\n@lane\ndef pasted(a: {t}, b: {t}, c: {t}) -> {gives}:\n"
SPREAD = """from typing import Annotated

from dagc import domain, lane


@lane
def spread(bid: Annotated[int, domain(0, 2**60)], ask: Annotated[int, domain(0, 2**60)]) -> float:
    return (bid - ask) / (bid + ask + 1)
"""
FLOATS = [(6.0, 3.0, 2.0), (6.0, 0.0, 2.0), (-1.5, -2.0, 0.5)]
WHOLE = [(7, 3, 2), (7, 0, 2), (-7, -2, 1)]


def _advice(written: str, type_: str, folder: Path, body: str = "    return {}") -> tuple[str, str, str]:
    """The code, the text of the fix, and the program in which its replacement is pasted over what the caret underlines."""
    path = folder / "written.py"
    shape = "Annotated[int, domain(-100, 100)]" if type_ == "int" else type_
    path.write_text(HEADER.format(t=shape, gives=type_) + body.format(written) + "\n")
    (lane,) = lanes_in_file(str(path)).values()
    found = hazards(trace(lane))[0]
    assert found.span is not None
    replacement = re.search(r"write `([^`]*)`", found.fix)
    line = found.span.text
    pasted = line[: found.span.column - 1] + (replacement[1] if replacement else "") + line[found.span.end_column - 1 :]
    return found.code, found.fix, pasted.strip().removeprefix("return ")


@pytest.mark.parametrize(
    ("code", "type_", "written", "meant"),
    [
        ("E060", "float", "a / b - 1.0", lambda a, b, c: (a / b if b != 0.0 else 0.0) - 1.0),
        ("E060", "float", "c - a / (b if c > 1.0 else b * 2.0)", lambda a, b, c: c - (
            0.0 if b == 0.0 else a / (b if c > 1.0 else b * 2.0))),
        ("E061", "int", "a // b * 0 + 5", lambda a, b, c: 5),
        ("E061", "int", "5 + a % b", lambda a, b, c: 5 + (a % b if b != 0 else 0)),
    ],
)  # fmt: skip
def test_a_replacement_leaves_the_rest_of_the_expression_alone(
    code: str, type_: str, written: str, meant: Callable[[float, float, float], float], tmp_path: Path
) -> None:
    found, fix, pasted = _advice(written, type_, tmp_path)
    assert found == code, fix
    for a, b, c in FLOATS if type_ == "float" else WHOLE:
        value = eval(pasted, {"a": a, "b": b, "c": c})
        assert value == meant(a, b, c), (pasted, a, b, c)


def test_the_parentheses_of_the_operands_stay(tmp_path: Path) -> None:
    """Of a quotient of sums, the whole quotient is of the same sums."""
    path = tmp_path / "spread.py"
    path.write_text(SPREAD)
    (lane,) = lanes_in_file(str(path)).values()
    found = next(each for each in hazards(trace(lane)) if each.code == "E068")
    advised = re.search(r", (\S.*) is whole and exact", found.fix)
    assert advised is not None, found.fix
    assert eval("1 - " + advised[1], {"bid": 90, "ask": 20}) == 1 - (90 - 20) // (90 + 20 + 1)


@pytest.mark.parametrize(
    ("type_", "statement", "meant"),
    [
        ("float", "a /= b - 3.0", lambda a, b: a / (b - 3.0) if b != 3.0 else 0.0),
        ("int", "a //= b", lambda a, b: a // b if b else 0),
        ("int", "a %= (b, 2)[0]", lambda a, b: a % b if b else 0),
    ],
)
def test_an_assignment_in_place_is_replaced_whole(
    type_: str, statement: str, meant: Callable[[float, float], float], tmp_path: Path
) -> None:
    _, fix, pasted = _advice(statement, type_, tmp_path, "    {}\n    return a")
    for a, b, _ in FLOATS if type_ == "float" else WHOLE:
        names = {"a": a, "b": b}
        exec(pasted, names)
        assert names["a"] == meant(a, b), fix


@pytest.mark.parametrize(
    ("operand", "inside"),
    [("(a + b)", "a + b"), ("(1, 2)[i]", "(1, 2)[i]"), ("(a).b(c)", "(a).b(c)"), ("(a) + (b)", "(a) + (b)"), ("(1, 2)", "(1, 2)"), ("a", "a")],
)  # fmt: skip
def test_only_parentheses_around_the_whole_are_taken_away(operand: str, inside: str) -> None:
    assert bare(operand) == inside
