"""`dagc parity` as a user runs it: a legacy sizer in a file of its own, exit codes, what goes to stdout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command_line import Finished, dagc

LEGACY = """\
import math


def cubed(x):
    return x ** 3.0


def multiplied(x):
    return x * x * x


def rooted(x):
    return math.sqrt(x)


class Doubler:
    def __init__(self, times=2):
        self.times = times

    def twice(self, x):
        return self.times * x
"""
LANE = """\
from typing import Annotated

from dagc import domain, lane


@lane
def cube(x: Annotated[float, domain(-4.0, 4.0)]) -> float:
    return x**3


@lane
def double(x: float) -> float:
    return 2.0 * x
"""


def parity(folder: Path, *arguments: str) -> Finished:
    return dagc("parity", *arguments, "--rows", "2000", "--backend", "interpreter", cwd=folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("parity")
    (made / "legacy.py").write_text(LEGACY)
    (made / "lanes_of_ours.py").write_text(LANE)
    return made


def test_a_power_is_found_out(folder: Path) -> None:
    done = parity(folder, "lanes_of_ours.py:cube", "--oracle", "legacy:cubed")
    assert done.returncode == 1, done.stderr
    assert "legacy.py:5: `x ** 3.0` is libm's pow" in done.stdout


def test_a_match_says_rows_and_seed(folder: Path) -> None:
    done = parity(folder, "lanes_of_ours.py:cube", "--oracle", "legacy.py:multiplied", "--seed", "3", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["differs"], found["seed"]) == (False, 3)
    assert found["parts"][0]["matched"] == found["parts"][0]["rows"] > 1800


def test_a_method_can_be_named(folder: Path) -> None:
    assert parity(folder, "lanes_of_ours.py:double", "--oracle", "legacy:Doubler.twice").returncode == 0


@pytest.mark.parametrize(
    ("oracle", "message"),
    [
        ("legacy", "expected MODULE:FUNCTION"),
        ("nowhere:f", "cannot be imported"),
        ("legacy:cubd", "did you mean"),
    ],
)
def test_what_names_nothing_is_usage(folder: Path, oracle: str, message: str) -> None:
    done = parity(folder, "lanes_of_ours.py:cube", "--oracle", oracle)
    assert done.returncode == 2
    assert message in done.stderr


def test_nothing_compared_is_no_match(folder: Path) -> None:
    (folder / "silent.py").write_text("def silent(x):\n    return {}\n")
    done = parity(folder, "lanes_of_ours.py:cube", "--oracle", "silent.py:silent")
    assert done.returncode != 0
    assert "MATCH" not in done.stdout
    (folder / "outside.csv").write_text("x,cube\n9.0,729.0\n")
    done = parity(folder, "lanes_of_ours.py:cube", "--oracle", "legacy.py:multiplied", "--recorded", "outside.csv")
    assert done.returncode == 3
    assert "nothing was compared: outside.csv" in done.stdout
