"""`dagc new`: what it makes passes everything as it is, and it makes nothing that could not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from dagc.cli import main
from dagc.scaffolding.project import NameTaken, project_files, write_project
from tests.support.extras import is_installed


def dagc(*arguments: str) -> str:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def own_test_of(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_new_project_passes_lint_check_and_its_own_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = dagc("new", "fast_mover")
    folder = tmp_path / "fast_mover"
    assert {file.name for file in folder.iterdir()} == {Path(line).name for line in said.split("\n\n")[0].splitlines()}
    assert "class FastMoverParams:" in (folder / "fast_mover.py").read_text()
    monkeypatch.chdir(folder)
    assert dagc("lint", "fast_mover.py") == "fast_mover.py: 1 lane, nothing to report\n"
    check = dagc("check", "fast_mover.py:fast_mover", "--data", "bars.csv", "--backends", "interpreter,c")
    assert "fast_mover: bit-identical" in check
    assert "120 rows" in check
    assert ", 0 rows rejected" in check
    assert "1 passed" in own_test_of(folder).stdout
    oracle = folder / "oracle.py"
    oracle.write_text(oracle.read_text().replace("close - before", "before - close"))
    assert "fast_mover against Oracle: DIFFERS" in own_test_of(folder).stdout, "the test of the project can fail"


def test_a_new_project_is_formatted(tmp_path: Path) -> None:
    if not is_installed("ruff"):
        pytest.skip("missing: ruff (pip install 'dagc-compiler[dev]')")
    write_project("fast_mover", tmp_path / "fast_mover")
    for command in (["check", "--select", "E,F,I,N,UP,B"], ["format", "--check"]):
        subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "."], cwd=tmp_path / "fast_mover", check=True
        )


@pytest.mark.parametrize("name", ["x", "Drift", "_a", "a__b", "EOF", "status", "unit_of_risk"])
def test_other_names_are_fine(name: str) -> None:
    made = project_files(name)
    assert f"from {name} import {name}" in made[f"test_{name}.py"]
    assert "NAME" not in "".join(made.values()).replace("EOF", "")
    assert "CLASS" not in "".join(made.values())


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("2x", "no name of a Python module"),
        ("my lane", "no name of a Python module"),
        ("größe", "no name of a Python module"),
        ("class", "Python has a meaning"),
        ("match", "Python has a meaning"),
        ("sum", "Python has a meaning"),
        ("close", "for something else"),
        ("Oracle", "for something else"),
        ("oracle", "for something else"),
        ("lane", "for something else"),
        ("step", "for something else"),
        ("numpy", "which it would hide"),
        ("random", "which it would hide"),
        ("dagc", "which it would hide"),
    ],
)
def test_a_name_that_could_not_work_is_refused(name: str, why: str) -> None:
    with pytest.raises(NameTaken, match=why):
        project_files(name)


def test_what_is_there_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mover").mkdir()
    done = CliRunner().invoke(main, ["new", "mover"])
    assert (done.exit_code, done.output.splitlines()[0]) == (2, "mover is there already")
    assert not list((tmp_path / "mover").iterdir())
    dagc("new", "mover", "-o", "deep/below")
    assert (tmp_path / "deep" / "below" / "mover.py").is_file()
