"""Slots on the command line: what is plugged in, what is empty, and what does not fit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command_line import dagc

SIZING = """\
from dagc import lane, slot


@slot
def boost(x: float) -> float:
    return 1.0


@lane
def sized(x: float) -> float:
    return x * boost(x)
"""
MINE = """\
from dagc import lane, params


@params
class Doubled:
    factor: float = 2.0


@lane
def doubled(x: float, p: Doubled) -> float:
    return p.factor if x > 0.0 else 1.0


@lane
def counted(x: float) -> int:
    return 2
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sizing.py").write_text(SIZING)
    (tmp_path / "mine.py").write_text(MINE)
    return tmp_path


def test_a_build_lists_its_slots_and_so_does_its_bundle(folder: Path) -> None:
    build = ("build", "sizing.py:sized", "--emit", "interpreter", "--rows", "200")
    empty = dagc(*build, "-o", "empty", cwd=folder)
    assert "slots     boost  empty: its neutral value" in empty.stdout, empty.stderr
    filled = dagc(*build, "-o", "filled", "--slot", "boost=mine.py:doubled", cwd=folder)
    assert "slots     boost  doubled (mine.py:10)" in filled.stdout, filled.stderr
    shown = json.loads(dagc("inspect", "filled", "--json", cwd=folder).stdout)
    assert shown["slots"] == {"boost": "doubled (mine.py:10)"}
    assert [param["name"] for param in shown["params"]] == ["boost.factor"]
    assert "slots\n  boost  empty: its neutral value" in dagc("inspect", "empty", cwd=folder).stdout
    assert dagc("verify", "filled", cwd=folder).returncode == 0


def test_what_does_not_fit_is_refused(folder: Path) -> None:
    done = dagc("build", "sizing.py:sized", "-o", "out", "--slot", "boost=mine.py:counted", cwd=folder)
    assert done.returncode == 1
    assert "E067" in done.stderr
    assert "boost(x: f64[1]) -> f64[1]" in done.stderr
    assert "sizing.py:5" in done.stderr
    assert "counted(x: f64[1]) -> i64[1]" in done.stderr
    assert "mine.py:15" in done.stderr
    assert dagc("build", "sizing.py:sized", "-o", "out", "--slot", "boost", cwd=folder).returncode == 2
