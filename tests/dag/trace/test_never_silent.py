"""A trace ends with a report or with every result, state and tap: whatever a function is given, it never fails without a word."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from dag.diagnostics.diagnostic import CompileError
from dag.files.loading import lanes_in_file, load_lane
from dag.graphs.graph import Graph
from dag.trace import trace
from dag.trace.builtins import table
from dag.trace.frame import Frame
from dag.trace.operators.applying import Operand
from dag.trace.soundness import SilentPoison
from dag.trace.values import POISON, Value

HEADER = """\
import itertools, math
from enum import Enum, IntEnum
import numpy as np
from dag import *

class Mood(Enum):
    CALM = "calm"
    WILD = "wild"

class Side(IntEnum):
    LONG = 1
    SHORT = -1

"""
#: Values without a node of their own: carried literals whose unit is open, choices of literals, names that an `if` left open.
OPEN = {
    "carried": "of_float", "carried_integer": "of_integer", "carried_float32": "of_float32", "carried_int32": "of_int32",
    "carried_bool": "of_bool", "carried_member": "of_member", "carried_part": "pair[1]", "carried_tuple": "pair",
    "choice": "(1.0 if c else 2.0)", "whole_choice": "(1 if c else 2)", "mixed_choice": "(1 if c else 2.5)",
    "float32_choice": "(float32(1.0) if c else float32(2.0))", "int32_choice": "(int32(1) if c else int32(2))",
    "choice_of_carried": "(of_float if c else 1.0)", "merged": "merged", "members": "(Mood.CALM if c else Mood.WILD)",
    "side": "(Side.LONG if c else Side.SHORT)", "array": "places", "window": "past", "nothing": "None", "empty": "()",
}  # fmt: skip
BODY = """\
@lane
def f{0}(x: float, c: bool) -> float:
    of_float = carry(initial=0.0)
    of_integer = carry(initial=0)
    of_float32 = carry(initial=float32(0.0))
    of_int32 = carry(initial=int32(0))
    of_bool = carry(initial=False)
    of_member = carry(initial=Mood.CALM)
    pair = carry(initial=(0.0, 0))
    places = carry(initial=array(4, 0.0))
    past = window(x, 4)
    if c:
        merged = of_float
    else:
        merged = 1.0
    value = {1}
    return x

"""
#: What a function is called, and its module in HEADER.
NAME = attrgetter("__name__")
MODULES = {"math": "math.", "numpy": "np.", "itertools": "itertools."}
#: How a function of one argument is called in a lane's text.
CALLED = [
    f"{MODULES.get(getattr(function, '__module__', ''), '')}{NAME(function)}"
    for function, (fewest, _, _) in table.FUNCTIONS.items()
    if fewest <= 1
]


@pytest.mark.parametrize("kind", OPEN)
def test_no_function_gives_up_without_a_word(kind: str, tmp_path: Path) -> None:
    calls = [f"{name}({OPEN[kind]})" for name in CALLED]
    calls += [f"{OPEN[kind]} {symbol} {other}" for symbol in ("+", "*", "<<", "<") for other in ("x", "of_integer")]
    calls += [f"(-{OPEN[kind]})", f"float(float32({OPEN[kind]})) + x", f"({OPEN[kind]} if c else x)"]
    file = tmp_path / "calls.py"
    file.write_text(HEADER + "".join(BODY.format(number, call) for number, call in enumerate(calls)))
    for lane in lanes_in_file(str(file)).values():
        try:
            graph = trace(lane)
        except CompileError:
            continue
        assert len(graph.states) >= 10
        assert [output.name for output in graph.outputs] == [lane.name]


READ_NARROW = """\
@lane
def f(a: float) -> float:
    level = carry(initial=0.0)
    narrow = float(float32(level) + float32(a))
    level = {}
    return narrow
"""


@pytest.mark.parametrize("following", ["narrow", "level * 0.5 + a", "a"])
def test_a_carried_value_may_be_read_through_float32_alone(following: str, tmp_path: Path) -> None:
    graph = _traced(tmp_path, READ_NARROW.format(following))
    assert [output.name for output in graph.outputs] == ["f"]
    assert [state.name for state in graph.states] == ["level"]


def _traced(tmp_path: Path, text: str) -> Graph:
    file = tmp_path / "lanes.py"
    file.write_text(HEADER + text)
    return trace(load_lane(f"{file}:f"))


def _giving_up(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    return POISON


@pytest.mark.parametrize(
    "body",
    [
        "return sqrt(x)",
        "return (sqrt(x), x)[1]",
        "unused = sqrt(x)\n    return x",
        "level = carry(initial=x)\n    level = sqrt(level)\n    return x",
        "return x if x > 0.0 else sqrt(x)",
    ],
)
def test_a_function_that_gives_up_without_a_word_is_an_error_at_its_line(
    body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dag import sqrt

    monkeypatch.setitem(table.FUNCTIONS, sqrt, (1, 1, _giving_up))
    with pytest.raises(SilentPoison, match=r"lanes\.py:\d+: `.*sqrt\(.*came to no value"):
        _traced(tmp_path, f"@lane\ndef f(x: float) -> float:\n    {body}\n")


def _nothing(*_args: Any, **_named: Any) -> None:
    return None


@pytest.mark.parametrize(
    ("place", "lost"), [("dag.trace.ports.to_node", "the result `f`"), ("dag.trace.calls.bodies.carry_on", "the state")]
)
def test_a_result_or_a_state_that_gets_lost_is_an_error(
    place: str, lost: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, _nothing)
    with pytest.raises(SilentPoison, match=lost):
        _traced(tmp_path, "@lane\ndef f(x: float) -> float:\n    s = carry(initial=x)\n    s = s + x\n    return s\n")


def test_a_range_is_not_without_bound(tmp_path: Path) -> None:
    with pytest.raises(CompileError, match="a range of at most 65536 numbers"):
        _traced(tmp_path, "@lane\ndef f(x: float) -> float:\n    return sum_seq(tuple(x for i in range(1 << 60)))\n")
