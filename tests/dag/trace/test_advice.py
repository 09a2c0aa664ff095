"""The programs that messages send people to are themselves accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from compile.hazards.search import hazards
from dag.diagnostics.diagnostic import CompileError
from dag.files.loading import lanes_in_file, load_lane
from dag.graphs.graph import Graph
from dag.trace import trace

HEADER = """\
from typing import Annotated
from dagc import array, carry, domain, lane, lift, max_seq, params, put, sum_seq, window

Count = Annotated[int, domain(2, 5)]

"""


def _graph(tmp_path: Path, text: str) -> Graph:
    file = tmp_path / "advised.py"
    file.write_text(HEADER + text)
    return trace(load_lane(f"{file}:f"))


def test_a_window_of_a_length_that_is_no_constant_takes_the_longest_it_may_have(tmp_path: Path) -> None:
    text = """\
@lane
def f(x: float, n: Count) -> float:
    past = window(x, n{})
    return sum_seq((v for v in past), 0.0)
"""
    with pytest.raises(CompileError, match=r"window\(x, n, longest=500\)"):
        _graph(tmp_path, text.format(""))
    assert hazards(_graph(tmp_path, text.format(", longest=500"))) == []
    (told,) = hazards(_graph(tmp_path, text.format(", longest=4")))
    assert told.fix == "declare domain(1, 4), or limit it: min(max(n, 1), 4)"
    assert (
        hazards(_graph(tmp_path, text.format(", longest=4").replace("window(x, n", "window(x, min(max(n, 1), 4)")))
        == []
    )


@pytest.mark.parametrize("annotation", ["tuple[float, bool]"])
def test_a_lifted_function_says_what_it_returns(annotation: str, tmp_path: Path) -> None:
    body = "    d = abs(a - b)\n    return d, d > 1.0\n"
    for text in (
        f"def plain(a: float, b: float) -> {annotation}:\n{body}\nf = lift(plain)\n",
        f"def plain(a: float, b: float):\n{body}\nf = lift(plain, returns={annotation})\n",
    ):
        assert len(_graph(tmp_path, text).outputs) == 2


WAITING = """\
@params
class Rest:
    pause: {} = 5

@lane
def f(hit: bool, p: Rest) -> int:
    wait = carry(initial=0)
    wait = max(wait - 1, 0)
    if hit:
        wait = p.pause
    return wait
"""


def test_the_parameter_behind_an_overflow_is_named(tmp_path: Path) -> None:
    (told,) = hazards(_graph(tmp_path, WAITING.format("int")))
    assert told.fix.startswith("declare a domain for parameter `pause`, or limit ")
    (label,) = told.labels
    assert label.text == "parameter `pause` is declared here, without a domain"
    assert label.span.text.strip() == "pause: int = 5"
    assert hazards(_graph(tmp_path, WAITING.format("Count"))) == []


def test_the_greatest_of_an_array_is_that_of_its_elements(tmp_path: Path) -> None:
    text = "@lane\ndef f(x: float) -> float:\n    ring = carry(initial=array(3, 0.0))\n    ring = put(ring, 1, x)\n    return max(ring)\n"
    assert sum(str(op) == "max" for op in _graph(tmp_path, text).ops) == 2


MISPLACED = """\
from dagc import carry, lane

def smooth(x: float) -> float:
    level = carry(initial=x)
    level = level + 0.5 * (x - level)
    return level

def twice(x: float) -> float:
    return smooth(x) * 2.0

def sometimes(x: float) -> float:
    return smooth(x) if x > 1.0 else 2.0

def inside(x: float) -> float:
    if x > 1.0:
        level = carry(initial=x)
        return level
    return x

@lane
def f(x: float) -> float:
    return {}
"""


@pytest.mark.parametrize(
    ("call", "way"),
    [
        ("twice(x) if x > 0.0 else 0.0", "call `twice` where every bar passes"),
        ("sometimes(x)", "call `smooth` where every bar passes"),
        ("inside(x)", "as a statement of its own, at the top of the lane"),
        ("smooth(x) if x > 0.0 else 0.0", "call `smooth` where every bar passes"),
    ],
)
def test_the_call_is_named_that_stands_under_the_condition(call: str, way: str, tmp_path: Path) -> None:
    (tmp_path / "misplaced.py").write_text(MISPLACED.format(call))
    with pytest.raises(CompileError) as refused:
        trace(lanes_in_file(str(tmp_path / "misplaced.py"))["f"])
    assert [each.code for each in refused.value.diagnostics] == ["E044"]
    assert way in refused.value.diagnostics[0].fix
