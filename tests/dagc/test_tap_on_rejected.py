"""`dagc tap` on a bar that was rejected, of a held call, and of a name that a parameter and a variable share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command_line import Finished
from tests.support.command_line import dagc as run_dagc

LANE = """\
from typing import Annotated
from dagc import carry, domain, lane, params

@params
class Sizer:
    fast: Annotated[float, domain(0.0, 1.0)] = 0.5

@lane
def slow(x: float) -> float:
    level = carry(initial=x)
    level = level + 0.5 * (x - level)
    return level

@lane
def size(x: Annotated[float, domain(0.0, 100.0)], p: Sizer) -> float:
    fast = p.fast * x
    held = slow(x, when=x > 50.0, initial=0.0)
    return fast + held
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "size.py").write_text(LANE, encoding="utf-8")
    (tmp_path / "bars.csv").write_text("x\n10.0\n60.0\n200.0\n", encoding="utf-8")
    return tmp_path


def tap(folder: Path, bar: int, name: str) -> Finished:
    return run_dagc("tap", "size.py:size", "--data", "bars.csv", "--bar", bar, "--lane", name, cwd=folder)


def test_a_rejected_bar_says_which_port_rejected_it(folder: Path) -> None:
    said = "rejected: 1 bar by input `x`, declared [0.0, 100.0]: at bar 2, 200.0"
    assert said in tap(folder, 2, "output:size").stdout
    assert said in tap(folder, 2, "held").stdout
    assert "rejected" not in tap(folder, 1, "held").stdout


def test_a_held_call_stands_where_it_is_called(folder: Path) -> None:
    assert "size.py:17  held = slow(x, when=x > 50.0, initial=0.0)" in tap(folder, 1, "held").stdout


def test_a_name_that_a_parameter_and_a_variable_share_is_not_guessed(folder: Path) -> None:
    refused = tap(folder, 1, "fast")
    assert refused.returncode == 2
    assert "param:fast" in refused.stderr
    assert "fast.1" in refused.stderr
