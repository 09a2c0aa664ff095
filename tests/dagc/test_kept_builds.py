"""A build that changes nothing runs nothing; whatever changes, everything runs."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import dagc.building.build
from compile.bundle.bundle import read_bundle
from compile.c import compiler
from compile.cache import cache_folder, store
from dag.files.loading import load_lane, loaded_files
from dagc.building import kept
from dagc.cli import main

LANE = """
from __future__ import annotations
import os
from beside import bound
from dagc import lane

LIMIT = float(os.environ.get("LIMIT", "4.0"))

@lane
def capped(x: float, k: float = 0.5) -> float:
    return min(bound(x) * k, LIMIT)
"""
BESIDE = "def bound(x):\n    return max(x, 0.0)\n"


@pytest.fixture(autouse=True)
def kept_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("DAGC_FRESH")
    monkeypatch.chdir(tmp_path)
    Path("capped.py").write_text(LANE)
    Path("beside.py").write_text(BESIDE)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Grows with every build that runs."""
    seen: list[object] = []
    healthy = dagc.building.build.build_planned

    def counted(*arguments: Any) -> Any:
        seen.append(arguments)
        return healthy(*arguments)

    monkeypatch.setattr(dagc.building.build, "build_planned", counted)
    return seen


def built(*options: str, folder: str = "out") -> Result:
    words = ["build", "capped.py:capped", "-o", folder, "--emit", "interpreter", "--rows", "50", *options]
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def test_the_second_build_runs_nothing_and_writes_the_same_bytes(runs: list[object]) -> None:
    first = built().output.splitlines()
    again = built(folder="elsewhere").output.splitlines()
    assert len(runs) == 1
    assert again[:-2] == first[:-2], "what was shown is shown"
    assert again[-2].endswith("nothing changed since this was built, so nothing ran (--fresh runs everything)")
    assert again[-1] == first[-1].replace("wrote out", "wrote elsewhere")
    for path in sorted(Path("out").rglob("*.*")):
        assert path.read_bytes() == (Path("elsewhere") / path.relative_to("out")).read_bytes()


def test_a_folder_that_holds_it_is_left_alone_and_a_changed_one_is_restored(runs: list[object]) -> None:
    built()
    before = Path("out").stat().st_ino
    assert "out is up to date" in built().output
    assert Path("out").stat().st_ino == before
    Path("out/interpreter.py").write_text("# edited\n")
    assert "wrote out" in built().output
    assert read_bundle(Path("out"))
    assert len(runs) == 1


def test_json_says_that_it_was_kept() -> None:
    first, again = (json.loads(built("--json").output) for _ in range(2))
    assert again.pop("kept") is True
    assert {**again, "seconds": 0} == {**first, "seconds": 0}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("capped.py", "4.0", "5.0"),
        ("capped.py", "\n@lane", "\n\n@lane"),
        ("beside.py", "0.0", "1.0"),
        ("beside.py", "def", "# the graph is the same\ndef"),
    ],
    ids=["a constant", "a line further down", "what it imports", "a comment in what it imports"],
)
def test_a_change_of_the_source_is_built(file: str, old: str, new: str, runs: list[object]) -> None:
    built()
    text = Path(file).read_text()
    assert old in text
    Path(file).write_text(text.replace(old, new))
    built()
    assert len(runs) == 2


@pytest.mark.parametrize("options", [("--rows", "60"), ("--seed", "1"), ("--simplify",), ("--emit", "interpreter,c")])
def test_another_option_is_another_build(options: tuple[str, ...], runs: list[object]) -> None:
    built()
    built(*options)
    assert len(runs) == 2


def test_what_the_lane_reads_counts(runs: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    built()
    monkeypatch.setenv("LIMIT", "3.0")
    built()
    assert len(runs) == 2


def test_another_dagc_builds_again(runs: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    built()
    monkeypatch.setattr(kept, "own_digest", lambda: "another")
    built()
    assert len(runs) == 2


def test_another_compiler_under_the_same_name_builds_again(
    runs: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapper = tmp_path / "own-cc"
    monkeypatch.setenv("CC", str(wrapper))
    for flags in ("", "-O1"):
        wrapper.write_text(f'#!/bin/sh\nexec gcc {flags} "$@"\n')
        wrapper.chmod(0o755)
        compiler._identified.cache_clear()
        built("--emit", "interpreter,c")
    assert len(runs) == 2


def archive(summary: str) -> bytes:
    """An entry of the right form that says something else."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("summary.json", summary)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", b"PK", archive("{}"), archive("[]"), archive("null"), archive("{")],
    ids=["empty", "no archive", "torn", "nothing said", "a list", "null", "no JSON"],
)
def test_an_entry_that_is_no_build_is_built_again(content: bytes, runs: list[object]) -> None:
    built()
    (entry,) = (path for path in cache_folder().iterdir() if path.name.startswith("build-"))
    store(entry.name, content)
    built()
    assert len(runs) == 2


def test_one_build_is_not_taken_for_another(runs: list[object]) -> None:
    built()
    built("--seed", "1")
    first, second = sorted(path for path in cache_folder().iterdir() if path.name.startswith("build-"))
    first.write_bytes(second.read_bytes())
    built()
    built("--seed", "1")
    assert len(runs) == 3


def test_fresh_runs_everything(runs: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    built()
    built("--fresh")
    monkeypatch.setenv("DAGC_FRESH", "1")
    built()
    assert len(runs) == 3


def test_a_build_that_fails_is_not_kept(runs: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dagc.building.summary.unverified", lambda standing: ["a file"])
    words = ["build", "capped.py:capped", "-o", "out", "--emit", "interpreter", "--rows", "50"]
    for count in (1, 2):
        assert CliRunner().invoke(main, words).exit_code == 3
        assert len(runs) == count


def test_the_files_of_a_lane_are_its_own_and_what_it_imports() -> None:
    load_lane("capped.py:capped")
    names = [path.name for path in loaded_files() if path.parent == Path.cwd()]
    assert names == ["beside.py", "capped.py"]
    Path("capped.py").unlink()
    assert [path.name for path in loaded_files() if path.parent == Path.cwd()] == ["beside.py"]
