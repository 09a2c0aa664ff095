"""The tiers of the suite: what each leaves out, that it says so, and how `make long` resumes and reports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import scripts
from tests import long
from tests.build_everything import Build
from tests.build_everything import main as build_everything
from tests.support.tiers import NEED_NOTHING, SYSTEMS, VARIABLE, Tier, count, few

ROOT = Path(__file__).parents[1]


def test_one_case_in_many_is_left_to_test_and_the_others_are_marked() -> None:
    marked = [bool(each.marks) for each in few(range(7), 3)]
    assert marked == [False, True, True, False, True, True, False]


def test_long_has_more_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert count(3, 100) == 3
    monkeypatch.setenv(VARIABLE, Tier.LONG)
    assert count(3, 100) == 100


def test_the_folders_of_the_fast_tier_are_there() -> None:
    assert [each for each in (*NEED_NOTHING, *SYSTEMS) if not (ROOT / each).exists()] == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--tier", "long"), "2 passed"),
        (("--tier", "test"), "1 passed, 1 deselected"),
        (("--tier", "test", "-n", "2"), "1 passed"),
    ],
)
def test_what_a_tier_leaves_out_it_says(tmp_path: Path, options: tuple[str, ...], says: str) -> None:
    file = tmp_path / "test_sample.py"
    file.write_text("import pytest\ndef test_short(): pass\n@pytest.mark.long\ndef test_long(): pass\n")
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib --strict-markers\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, str(file)],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert says in done.stdout, done.stdout + done.stderr
    assert ("1 tests were left to `make long`" in done.stdout) is ("test" in options)


def test_a_step_that_passed_is_not_run_again_and_one_that_failed_is(tmp_path: Path) -> None:
    outcome, seconds = long.run("good", ("-c", "print('here')"), tmp_path)
    assert outcome == "passed"
    assert (tmp_path / "good.txt").read_text() == "here\n"
    assert long.run("good", ("-c", "raise SystemExit(1)"), tmp_path) == ("passed in an earlier run", seconds)
    for _ in range(2):
        assert long.run("bad", ("-c", "raise SystemExit(3)"), tmp_path)[0] == "failed with exit code 3"


def test_builds_resume_and_a_failure_is_shown_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried: list[str] = []

    def pretend(target: str, options: object) -> Build:
        tried.append(target)
        return Build(target, int(target == "b.py:b"), 0.5, "what it said")

    monkeypatch.setattr("tests.build_everything.build_and_verify", pretend)
    command = ["a.py:a", "b.py:b", "--journal", str(tmp_path / "journal")]
    assert build_everything(command) == 1
    said = capsys.readouterr().out
    assert "b.py:b exited with 1:\nwhat it said" in said
    assert "2 lanes: 1 built and verified, 0 unchanged since an earlier run, 1 failed" in said
    assert build_everything(command) == 1
    assert sorted(tried) == ["a.py:a", "b.py:b", "b.py:b"]


def test_every_benchmark_is_found_and_says_what_it_measures() -> None:
    assert {"simplify", "step_latency", "replay"} <= {*scripts()}
    assert all(scripts().values())
