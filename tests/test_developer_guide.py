"""Every diff of the developer guide applies to the source as it is, and the operators that it adds work."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.guide import GUIDE, ROOT, changed_files, sections

#: What people add, each as a diff; the other sections are prose.
SECTIONS = {title: text for title, text in sections().items() if title.startswith("Add ")}
INTEGER, FLOAT = "Add an operator on integers", "Add an operator on floats"
#: The files of the subsection that names the operator in the language.
LANGUAGE = {
    "dag/language/intrinsics.py",
    "dag/trace/builtins/arithmetic.py",
    "dag/trace/builtins/table.py",
    "dag/__init__.py",
    "dagc/__init__.py",
}


@pytest.mark.parametrize("title", SECTIONS)
def test_its_diffs_apply_and_what_they_make_is_python(title: str) -> None:
    texts = changed_files(SECTIONS[title])
    assert texts
    for path, text in texts.items():
        if path.endswith(".py"):
            compile(text, path, "exec")


def test_a_diff_that_does_not_apply_is_noticed() -> None:
    change = SECTIONS[INTEGER][0]
    with pytest.raises(ValueError, match="no longer applies"):
        change.applied("something else\n")


def files_of(title: str) -> set[str]:
    return {change.path for change in SECTIONS[title]} - LANGUAGE


def test_an_operator_touches_few_files() -> None:
    assert len(files_of(INTEGER)) <= 8
    assert len(files_of(FLOAT)) <= 12


def test_the_record_that_it_quotes_is_the_one_of_the_tests() -> None:
    text = (ROOT / "tests" / "fifth_backend" / "record.py").read_text()
    assert f"```python\n{text[text.index('COLUMNS = ') :]}```" in GUIDE.read_text()


@pytest.fixture(scope="module")
def with_operators(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[str]]]:
    """What `tests/support/new_operators.py` finds in a copy of the compiler with both operators of the guide."""
    copy = tmp_path_factory.mktemp("with_operators")
    for package in ("dag", "compile", "rtl"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for path, text in changed_files([*SECTIONS[INTEGER], *SECTIONS[FLOAT]]).items():
        if path.startswith(("dag/", "compile/", "rtl/")):
            (copy / path).write_text(text, encoding="utf-8")
    script = Path(__file__).parent / "support" / "new_operators.py"
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONSAFEPATH": "1"}
    done = subprocess.run([sys.executable, str(script)], cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, list[str]]] = json.loads(done.stdout)
    return found


def test_new_operators_are_lowered_proved_and_right_in_every_backend(
    with_operators: dict[str, dict[str, list[str]]],
) -> None:
    assert not with_operators["wrong"]


def test_the_guide_lists_exactly_the_tables_that_ask_for_a_line(
    with_operators: dict[str, dict[str, list[str]]],
) -> None:
    asks = with_operators["asks"]
    assert {title.partition(":")[0] for title in asks} == files_of(INTEGER) - {"tests/dag/test_ops.py"}
    silent = [title for title, said in asks.items() if not any("isign" in each for each in said)]
    assert silent == [], "a missing line is not noticed, or its operator not named"
