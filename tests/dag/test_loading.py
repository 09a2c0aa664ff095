"""Files as users have them: beside helpers, with mistakes, in any folder."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import pytest

from dag.diagnostics.diagnostic import CompileError
from dag.files.loading import lanes_in_file, load_lane, load_module
from dag.trace import trace

LANES = """\
from dag import lane
from scales import SCALE, scaled


@lane
def doubled(x: float) -> float:
    return scaled(x) * SCALE


@lane
def tripled(x: float) -> float:
    return 3.0 * x


NUMBER = 3
alias = doubled
"""
SCALES = """\
from dag import lane

SCALE = {scale}


@lane
def scaled(x: float) -> float:
    return x / {scale}
"""


def project(folder: Path, scale: float = 2.0) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scales.py").write_text(SCALES.format(scale=scale))
    (folder / "mine.py").write_text(LANES)
    return str(folder / "mine.py")


def refusal(target: str) -> str:
    with pytest.raises(CompileError) as refused:
        load_lane(target)
    return str(refused.value)


def test_a_lane_comes_with_what_stands_beside_it(tmp_path: Path) -> None:
    file = project(tmp_path)
    assert load_lane(f"{file}:doubled")(1.5) == 1.5
    assert list(lanes_in_file(file)) == ["doubled", "tripled"]
    assert load_lane(f"{file}:alias").name == "doubled"


def test_two_folders_may_use_the_same_names(tmp_path: Path) -> None:
    path, modules = list(sys.path), {name for name in sys.modules if not name.startswith("_dagc_")}
    first = load_lane(f"{project(tmp_path / 'a', 2.0)}:doubled")
    second = load_lane(f"{project(tmp_path / 'b', 4.0)}:doubled")
    assert {first(1.0), second(8.0)} == {1.0, 8.0}
    constants = [{value for value in trace(each).constants if value is not None} for each in (first, second)]
    assert constants == [{2.0}, {4.0}]
    assert sys.path == path
    assert {name for name in sys.modules if not name.startswith("_dagc_")} == modules


def test_an_edited_file_is_read_anew(tmp_path: Path) -> None:
    file = project(tmp_path)
    before = trace(load_lane(f"{file}:tripled"))
    Path(file).write_text(LANES.replace("3.0 * x", "(4.0 + 1.0) * x"))
    after = trace(load_lane(f"{file}:tripled"))
    assert before.content_hash != after.content_hash
    assert 5.0 in after.constants


def test_a_graph_does_not_know_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = trace(load_lane(f"{project(tmp_path / 'one')}:doubled"))
    monkeypatch.chdir(tmp_path)
    project(tmp_path / "other" / "deeper")
    other = trace(load_lane("other/deeper/mine.py:doubled"))
    assert one == other
    assert {span.file for span in one.spans if span} == {"mine.py", "scales.py"}


def test_a_lane_of_the_library_is_the_one_that_others_import() -> None:
    library = importlib.import_module("lanes.size.notional")
    file = library.__file__
    assert load_lane(f"{file}:notional") is library.notional
    assert {span.file for span in trace(library.notional).spans if span} >= {"lanes/size/notional.py"}


def test_the_lanes_of_the_file_are_listed(tmp_path: Path) -> None:
    file = project(tmp_path)
    assert refusal(f"{file}:doubeld") == (
        "E003 No such lane at node `doubeld`\n"
        f"  expected  one of the lanes of {file}: doubled, tripled\n"
        "  got       `doubeld`, which is not there\n"
        f"  fix       write {file}:doubled\n"
        "\n"
        "1 error\n"
        "explain: dagc explain E003"
    )
    assert "`NUMBER`, which is not a lane" in refusal(f"{file}:NUMBER")
    assert "no name" in refusal(file)


def test_a_file_without_lanes_says_how_to_make_one(tmp_path: Path) -> None:
    file = tmp_path / "empty.py"
    file.write_text("X = 1\n")
    assert "decorate a function with @lane" in refusal(f"{file}:x")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert "No such file" in refusal(f"{tmp_path}/nothing.py:x")
    assert "directory" in refusal(f"{tmp_path}:x")
    (tmp_path / "latin.py").write_bytes(b"# caf\xe9\n")
    assert "not UTF-8" in refusal(f"{tmp_path}/latin.py:x")


def test_a_failed_import_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("VALUE = 1\n")
    (tmp_path / "broken.py").write_text("import helper\n\nx = helper.VALUE\ny = 1 / 0\n")
    modules, path = set(sys.modules), list(sys.path)
    text = refusal(f"{tmp_path}/broken.py:x")
    assert "broken.py:4:5: E002" in text
    assert "ZeroDivisionError" in text
    assert set(sys.modules) == modules
    assert sys.path == path


def test_a_syntax_error_beside_the_file_is_shown_there(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("def f(:\n")
    (tmp_path / "mine.py").write_text("import helper\n")
    assert "helper.py:1:7: E001" in refusal(f"{tmp_path}/mine.py:x")


def test_messages_name_the_file_as_the_user_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "strategies"
    folder.mkdir()
    (folder / "wrong.py").write_text("from dag import lane\n\n@lane\ndef f(x: float) -> float:\n    return x + y\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CompileError, match=r"^strategies/wrong\.py:5:16: E020"):
        trace(load_lane("strategies/wrong.py:f"))
    monkeypatch.chdir(folder.parent.parent)
    with pytest.raises(CompileError, match=r"strategies/wrong\.py:5:16: E020"):
        trace(load_lane(str(folder / "wrong.py") + ":f"))


def test_a_module_is_what_import_would_give(tmp_path: Path) -> None:
    module = load_module(project(tmp_path))
    assert module.NUMBER == 3
    assert module.__file__ == str((tmp_path / "mine.py").resolve())


def test_a_lane_is_found_by_its_name_as_python_reads_it(tmp_path: Path) -> None:
    """U+00B5, the micro sign of keyboards, is U+03BC in an identifier."""
    file = tmp_path / "greek.py"
    file.write_text(
        "from dagc import lane\n\n\n@lane\ndef \u00b5(x: float) -> float:\n    return x\n", encoding="utf-8"
    )
    assert load_lane(f"{file}:\u00b5") is not None
    assert load_lane(f"{file}:\u03bc").name == "\u03bc"


def test_a_file_changed_within_a_second_to_the_same_size_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python tells a changed file from what it compiled of it by its size and the second of its change."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file, beside = tmp_path / "own.py", tmp_path / "beside_it.py"
    found = []
    for value in (1.0, 2.0):
        file.write_text(f"from beside_it import SCALE\n\nVALUE = {value}\n")
        beside.write_text(f"SCALE = {value}\n")
        for each in (file, beside):
            os.utime(each, (1_000_000_000, 1_000_000_000))
        module = load_module(str(file))
        found.append((module.VALUE, module.SCALE))
    assert found == [(1.0, 1.0), (2.0, 2.0)]
    assert not list(tmp_path.rglob("*.pyc"))
