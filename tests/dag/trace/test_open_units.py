"""A literal that something begins with has the unit that the lane needs, whatever it meets first."""

from __future__ import annotations

from pathlib import Path

import pytest

from dag.diagnostics.diagnostic import CompileError
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.trace import trace

HEADER = """\
from typing import Annotated
from dagc import array, as_unit, carry, lane, max_seq, put, sqrt, unit, window

Bps = Annotated[float, unit("bps")]
Usd = Annotated[float, unit("usd")]

def above_zero(value):
    return max(value, 0.0)

@lane
def f(x: Bps, up: bool) -> {result}:
"""
#: What a lane does with `s`, begun with ZERO, which is in bps, and what it returns.
BODIES = {
    "a limit": ("s = max(s, 1.0)\ns = min(s + x, 50.0)\nreturn s", "Bps"),
    "an average": ("s = 0.9 * s + 0.1 * x\nreturn s", "Bps"),
    "a comparison": ("rising = s > 0.0\ns = s + x if rising else x\nreturn s", "Bps"),
    "signs": ("t = abs(-s)\ns = x\nreturn t", "Bps"),
    "a quotient": ("t = s / 2.0\ns = x\nreturn t", "Bps"),
    "a power": ("t = sqrt(max(s**2, 0.0))\ns = x\nreturn t", "Bps"),
    "digits": ("s = round(s * 100.0, 2) + x\nreturn s", "Bps"),
    "a statement": ("if s > 10.0:\n    s = 10.0\ns = s + x\nreturn s", "Bps"),
    "a function": ("s = above_zero(s) + x\nreturn s", "Bps"),
    "a window": ("past = window(s, 5)\nbest = max_seq(past, 0.0)\ns = x\nreturn best", "Bps"),
    "the last line": ("t = 2.0 * s\ns = x\nreturn t", "Bps"),
}


def _graph(tmp_path: Path, body: str, result: str, begin: str) -> Graph:
    file = tmp_path / "begun.py"
    lines = [f"s = carry(initial={begin})", *body.splitlines()] if begin else body.splitlines()
    file.write_text(HEADER.format(result=result) + "".join(f"    {line}\n" for line in lines))
    return trace(load_lane(f"{file}:f"))


@pytest.mark.parametrize("what", BODIES)
def test_it_is_the_graph_of_who_says_the_unit(what: str, tmp_path: Path) -> None:
    said = _graph(tmp_path, *BODIES[what], 'as_unit(0.0, "bps")')
    assert _graph(tmp_path, *BODIES[what], "0.0").content_hash == said.content_hash


def test_states_that_feed_each_other(tmp_path: Path) -> None:
    body = "best = carry(initial=0.0)\nbest = max(best, s)\ns = 0.5 * s + x\nreturn best"
    graph = _graph(tmp_path, body, "Bps", "0.0")
    assert {graph.units[state.node] for state in graph.states} == {"bps"}


def test_parts_of_a_tuple_have_units_of_their_own(tmp_path: Path) -> None:
    body = "level, count = s\ns = (0.5 * level + x, count + 1.0)\nreturn s[0]"
    graph = _graph(tmp_path, body, "Bps", "(0.0, 0.0)")
    assert {state.name: graph.units[state.node] for state in graph.states} == {"s.0": "bps", "s.1": "1"}


def test_an_array_takes_the_unit_of_what_is_put_in_it(tmp_path: Path) -> None:
    graph = _graph(tmp_path, "old = s[0] * 2.0\ns = put(s, 0, x)\nreturn old", "Bps", "array(4, 0.0)")
    assert [graph.units[state.node] for state in graph.states] == ["bps"]


@pytest.mark.parametrize("use", ["max(base, 0.5) + x", "2.0 * base + x", "x if base > 1.0 else base"])
def test_a_choice_of_literals_takes_a_unit_too(use: str, tmp_path: Path) -> None:
    graph = _graph(tmp_path, f"base = 2.0 if up else 1.0\nreturn {use}", "Bps", "")
    assert graph.units[graph.outputs[0].node] == "bps"


def test_two_units_are_still_a_mismatch(tmp_path: Path) -> None:
    body = "s = max(s, 1.0)\nt = s + x\ns = s * t + x\nreturn s"
    with pytest.raises(CompileError) as refused:
        _graph(tmp_path, body, "Bps", "0.0")
    assert [each.code for each in refused.value.diagnostics] == ["E031"]


def test_what_met_a_plain_ratio_stays_one(tmp_path: Path) -> None:
    body = "ratio = x / x if x > 1.0 else 0.0\ns = s + ratio\nreturn s + x"
    with pytest.raises(CompileError) as refused:
        _graph(tmp_path, body, "Bps", "0.0")
    (found,) = refused.value.diagnostics
    assert found.code == "E031"
    assert found.got == ("s  f64[1]", "x  f64[bps]")
