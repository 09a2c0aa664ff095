"""One mistake hides no other: what a lane says in spite of it is traced and judged, and nothing is said that is not so."""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from compile.front import front
from dag.diagnostics.diagnostic import Diagnostic
from dag.files.loading import lanes_in_file, load_lane
from tests.support.tiers import few

ROOT = Path(__file__).parents[2]
PROGRAM = """
from typing import Annotated
from dag import carry, domain, lane, unit

Usd = Annotated[float, unit("usd")]
Bps = Annotated[float, unit("bps")]
Divisor = Annotated[float, domain(0.0, 9.0)]

@lane
def f(x: Usd, y: Bps, d: Divisor, e: Divisor, n: int, k: int) -> float:
{body}
"""
#: The body of a lane, and what is to be said of it: code and line of the body, from 1.
BODIES = {
    "a mistake before a division": (("a = x + y", "return a + 1.0 / d"), {("E031", 1), ("E060", 2)}),
    "a mistake after a division": (("return 1.0 / d + x + y",), {("E060", 1), ("E031", 1)}),
    "a result of the wrong type": (("return 1.0 / d > 2.0",), {("E060", 1), ("E030", 1)}),
    "mistakes of every kind": (
        ("a = nobody + 1.0", "b = n * n", "c = int(1e30 * d)", "return a + float(b) + float(c) + math.sqrt(d)"),
        {("E020", 1), ("E062", 2), ("E063", 3), ("E020", 4)},
    ),
    "in what a mistake is given": (("return nobody(1.0 / d, n * n, *(x + y,))",), {("E020", 1), ("E060", 1), ("E062", 1), ("E031", 1)}),
    "behind a mistake nothing is judged": (
        ("a = 0.0", "if x > y:", "    a = 1.0 / d", "b = 1.0 / d if x > y else 0.0", "return a + b"),
        {("E031", 2), ("E031", 4)},
    ),
    "nor what a mistake would have ruled out": (
        ("a = x > y and 1.0 / d > 2.0", "b = d if x > y else 1.0", "return 1.0 / b if a else 1.0 / e"),
        {("E031", 1), ("E031", 2)},
    ),
    "nor after a way out": (("assert d > 0.0", "return 1.0 / d"), {("E040", 1)}),
    "nor what is carried after one": (
        ("s = carry(initial=0.0)", "if d == 0.0:", "    raise ValueError", "s = s + 1.0 / d", "return s"),
        {("E040", 3)},
    ),
    "beside a way out it is": (("a = 1.0 / d", "b = x + y", "assert e > 0.0", "return b"), {("E060", 1), ("E031", 2), ("E040", 3)}),
    "what is carried and never known": (
        ("s = carry(initial=0)", "t = carry(initial=d)", "s = s + nobody", "t = t + nobody", "return 1.0 / t + 1.0 / float(s)"),
        {("E020", 3), ("E020", 4)},
    ),
    "a body of a loop that nobody can count": (
        ("a = 0.0", "for i in range(n):", "    b = x + y", "    a = a + 1.0", "return a / d"),
        {("E035", 2), ("E031", 3)},
    ),
    "a tuple of unknown length": (
        ("s = carry(initial=(0.0, 0.0))", "s = (*nobody, d)", "return s[1] / d"),
        {("E020", 2)},
    ),
}  # fmt: skip


def said(found: tuple[Diagnostic, ...], first_line: int = 0) -> set[tuple[str, int]]:
    return {(each.code, each.span.line - first_line if each.span else 0) for each in found}


@pytest.mark.parametrize("case", BODIES)
def test_every_mistake_of_a_lane_is_told(case: str, tmp_path: Path) -> None:
    body, expected = BODIES[case]
    file = tmp_path / "many.py"
    file.write_text(PROGRAM.format(body="\n".join(f"    {line}" for line in body)), encoding="utf-8")
    assert said(front(load_lane(f"{file}:f")).found, PROGRAM[: PROGRAM.index("{body}")].count("\n")) == expected


def broken(text: str, place: int) -> str:
    """A module in which one expression of a function's body, chosen by `place`, is a name that nobody has defined."""
    tree = ast.parse(text)
    chosen = list(_expressions(tree))
    expression = chosen[place % len(chosen)]
    lost = ast.copy_location(ast.Name("nobody", ast.Load()), expression)
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is expression:
                setattr(parent, field, lost)
            elif isinstance(value, list) and any(each is expression for each in value):
                setattr(parent, field, [lost if each is expression else each for each in value])
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(tree)))


def _expressions(tree: ast.Module) -> Iterator[ast.expr]:
    for function in [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]:
        values = [
            each.value for each in ast.walk(function) if isinstance(each, ast.Assign | ast.AnnAssign | ast.Return)
        ]
        for value in values:
            for each in () if value is None else ast.walk(value):
                if isinstance(each, ast.BinOp | ast.Compare | ast.Call | ast.Name | ast.IfExp | ast.Attribute):
                    yield each


LANES = [
    path
    for path in sorted((ROOT / "lanes").glob("*/*.py"))
    if path.parent.name in ("signal", "market_maker", "weather", "anchor")
]


@pytest.mark.parametrize("seed", few(range(120), 16))
def test_a_lost_name_in_a_right_lane_is_the_one_mistake_of_it(seed: int, tmp_path: Path) -> None:
    """Every lane of the library is right: whatever else were said of it, once a name in it is lost, would not be so."""
    rng = random.Random(seed)
    source = rng.choice([path for path in LANES if "@lane" in path.read_text(encoding="utf-8")])
    file = tmp_path / source.name
    file.write_text(broken(source.read_text(encoding="utf-8"), rng.randrange(10**6)), encoding="utf-8")
    for lane in lanes_in_file(str(file)).values():
        assert {each.code for each in front(lane).errors} <= {"E020"}, lane.name
