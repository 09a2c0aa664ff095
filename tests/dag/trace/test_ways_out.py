"""What a message says to write instead is in it word for word, and is accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from compile.hazards.search import hazards
from dag.diagnostics.diagnostic import CompileError
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.trace import trace

HEADER = """\
import math
import statistics
from enum import Enum
from typing import Annotated

import numpy as np
from dagc import domain, float32, int32, lane, max_seq, min_seq, sqrt, sum_pairwise, sum_seq, window

class Mode(Enum):
    CALM = 0
    WILD = 1

Price = Annotated[float, domain(0.0, 1e6)]
Lots = Annotated[int32, domain(-100, 100)]

@lane
def f(x: Price, y: Price, h: Annotated[float32, domain(0.0, 1e6)], n: Lots, mode: Mode) -> {result}:
    past = window(x, 5)
    narrow = window(h, 5)
    lots = window(n, 5)
    return {written}
"""
#: What somebody writes -> what it should be, and what the lane returns.
OVER_WINDOWS = [
    ("max(past)", "max_seq(past, x)", "float"),
    ("min(past)", "min_seq(past, x)", "float"),
    ("max(y, past)", "max_seq(past, y)", "float"),
    ("max(y, *past)", "max_seq(past, y)", "float"),
    ("min(*past)", "min_seq(past, x)", "float"),
    ("max((v for v in past), default=1.0)", "max_seq((v for v in past), 1.0)", "float"),
    ("max(v * v for v in past)", "max_seq((v * v for v in past), 0.0)", "float"),
    ("max_seq(past)", "max_seq(past, x)", "float"),
    ("np.max(past)", "max_seq(past, x)", "float"),
    ("past.max()", "max_seq(past, x)", "float"),
    ("max(narrow)", "max_seq(narrow, h)", "float32"),
    ("max(-v for v in narrow)", "max_seq((-v for v in narrow), float32(0.0))", "float32"),
    ("min(lots)", "min_seq(lots, n)", "int32"),
    ("sum(past)", "sum_seq(past, 0.0)", "float"),
    ("sum(lots)", "sum_seq(lots, int32(0))", "int32"),
    ("sum(narrow)", "sum_seq(narrow, float32(0.0))", "float32"),
    ("sum(v * v for v in past)", "sum_seq((v * v for v in past), 0.0)", "float"),
    ("sum_pairwise(past)", "sum_seq(past, 0.0)", "float"),
    ("sum_seq(past)", "sum_seq(past, 0.0)", "float"),
    ("math.fsum(past)", "sum_seq(past, 0.0)", "float"),
    ("np.mean(past)", "sum_seq(past, 0.0) / max(len(past), 1)", "float"),
    ("statistics.fmean(past)", "sum_seq(past, 0.0) / max(len(past), 1)", "float"),
    ("past.mean()", "sum_seq(past, 0.0) / max(len(past), 1)", "float"),
    ("np.any(v > x for v in past)", "any(v > x for v in past)", "bool"),
    ("np.all(past)", "all(past)", "bool"),
    ("x in past", "sum_seq((1 if each == x else 0 for each in past), 0) > 0", "bool"),
    ("x not in past", "sum_seq((1 if each == x else 0 for each in past), 0) == 0", "bool"),
    ("1.0 if past else 0.0", "len(past) > 0", "bool"),
    ("sorted(past)[0]", "min_seq(past, x)", "float"),
    ("np.median(past)", "max_seq(past, x)", "float"),
    ("past[len(past) - 1] if len(past) > 0 else x", "past[-1]", None),
]
OF_TUPLES = [
    ("max_seq((x, y))", "max((x, y))", "float"),
    ("sum((x, y))", "sum_seq((x, y))", "float"),
    ("sum((x, y), 1.0)", "sum_seq((x, y), 1.0)", "float"),
]


def _graph(tmp_path: Path, written: str, result: str) -> Graph:
    file = tmp_path / "written.py"
    file.write_text(HEADER.format(written=written, result=result))
    return trace(load_lane(f"{file}:f"))


def _fix(tmp_path: Path, written: str, result: str) -> str:
    with pytest.raises(CompileError) as refused:
        _graph(tmp_path, written, result)
    (found,) = refused.value.diagnostics
    return found.fix


@pytest.mark.parametrize(("written", "instead", "result"), [*OVER_WINDOWS, *OF_TUPLES])
def test_what_is_advised_is_accepted(written: str, instead: str, result: str | None, tmp_path: Path) -> None:
    assert instead in _fix(tmp_path, written, result or "float")
    if result is not None:
        assert hazards(_graph(tmp_path, instead, result)) == []


def test_a_mean_of_a_window_is_divided_by_what_is_there(tmp_path: Path) -> None:
    fix = _fix(tmp_path, "sum(past) / len(past)", "float")
    assert "sum_seq(past, 0.0)" in fix
    assert "divide by max(len(past), 1)" in fix
    assert hazards(_graph(tmp_path, "sum_seq(past, 0.0) / max(len(past), 1)", "float")) == []


def test_a_deviation_is_written_with_its_mean(tmp_path: Path) -> None:
    fix = _fix(tmp_path, "np.std(past)", "float")
    mean, spread = fix.removeprefix("write mean = ").split(", then ")
    assert hazards(_graph(tmp_path, spread.replace("mean", f"({mean})"), "float")) == []


def test_the_members_of_an_enum_are_listed(tmp_path: Path) -> None:
    assert _fix(tmp_path, "x if mode == Mode.C else y", "float") == "its members are CALM, WILD"
    assert _fix(tmp_path, "x if mode == Mode.CLAM else y", "float") == "did you mean `CALM`?"


@pytest.mark.parametrize(
    ("written", "result"),
    [
        ("max(*(x, y), 0.0)", "float"),
        ("any((x > 1.0, y > 1.0))", "bool"),
        ("all(v > 1.0 for v in (x, y))", "bool"),
        ("sum(v > 1.0 for v in (x, y))", "int"),
        ("sum((int(n), 2), 3)", "int"),
        ("sum_seq((*(x, y), 1.0))", "float"),
    ],
)
def test_what_python_has_for_tuples_is_accepted(written: str, result: str, tmp_path: Path) -> None:
    assert hazards(_graph(tmp_path, written, result)) == []
