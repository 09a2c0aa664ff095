"""`dagc build --plan`: what would run, and why, without running it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dagc.cli import main

LANE = '''
from dagc import lane

@lane
def spread(bid: float, ask: float) -> float:
    """What it costs to cross."""
    return ask - bid
'''


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("DAGC_FRESH", raising=False)
    file = tmp_path / "desk.py"
    file.write_text(LANE, encoding="utf-8")
    return f"{file}:spread"


def plan(target: str, folder: Path, *options: str) -> list[dict[str, str]]:
    done = CliRunner().invoke(main, ["build", target, "-o", str(folder), "--plan", "--json", *options])
    assert done.exit_code == 0, done.output
    steps: list[dict[str, str]] = json.loads(done.output)["steps"]
    return steps


def test_it_says_what_would_run_and_runs_nothing(target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **named: object) -> None:
        raise AssertionError("something ran")

    monkeypatch.setattr("compile.c.compiler.run_tool", refuse)
    monkeypatch.setattr("compile.proof.core.prove.judge", refuse, raising=False)
    steps = plan(target, tmp_path / "out", "--emit", "interpreter,c", "--rows", "300")
    assert not (tmp_path / "out").exists()
    assert [(each["stage"], each["what"]) for each in steps] == [
        ("emit", "interpreter"),
        ("emit", "c"),
        ("prove", "interpreter.py"),
        ("prove", "kernel.c"),
        ("prove", "batch.c"),
        ("prove", "entry.c"),
        ("compile", "kernel.so"),
        ("run", "your own function"),
        ("run", "interpreter"),
        ("run", "c"),
        ("run", "c_batch"),
        ("write", str(tmp_path / "out")),
    ]
    assert {each["why"] for each in steps if each["stage"] == "emit"} == {"named"}


def test_what_is_left_out_and_what_is_kept_are_said(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    emit = ("--emit", "interpreter,c", "--rows", "200")
    built = CliRunner().invoke(main, ["build", target, "-o", str(tmp_path / "out"), *emit])
    assert built.exit_code == 0, built.output
    (only,) = plan(target, tmp_path / "out", *emit)
    assert only["stage"] == "write"
    assert "nothing changed since" in only["why"]
    assert len(plan(target, tmp_path / "out", *emit, "--fresh")) > 1
    Path(target.rpartition(":")[0]).write_text(LANE.replace("ask - bid", "bid - ask"), encoding="utf-8")
    assert len(plan(target, tmp_path / "out", *emit)) > 1
    monkeypatch.setattr(
        "dagc.building.targets._obstacle", lambda graph, name: "no such tool" if name == "rtl" else None
    )
    left = [each for each in plan(target, tmp_path / "out") if each["stage"] == "leave out"]
    assert [each["what"] for each in left] == ["rtl"]
    assert "no such tool" in left[0]["why"]
