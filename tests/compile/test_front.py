"""`dagc lint` and `dagc build` report the same errors for the same file, over every program that the tests and examples hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from dag.diagnostics.diagnostic import CompileError, Diagnostic
from dag.files.loading import lanes_in_file
from dagc.building.running import graph_of
from dagc.reporting.lint import lint, lint_file
from tests.support.tiers import few

ROOT = Path(__file__).parents[2]
CORPUS = sorted(
    path
    for folder in (
        "tests/dag/refused",
        "tests/compile/hazardous",
        "tests/compile/lint/accepted",
        "tests/compile/lint/historical",
        "tests/compile/lint/refused",
    )
    for path in (ROOT / folder).glob("*.py")
)
SHIPPED = [*sorted((ROOT / "examples").glob("*.py")), *sorted((ROOT / "lanes").glob("**/*.py"))]


def refused_by_build(target: str) -> set[Diagnostic]:
    """The errors with which a build of `FILE.py:LANE` ends."""
    try:
        graph_of(target)
    except CompileError as refused:
        return set(refused.diagnostics)
    return set()


def lanes_of(file: Path) -> list[str]:
    """The lanes of a file as targets; the file itself where it cannot be imported."""
    try:
        return [f"{file}:{name}" for name in lanes_in_file(str(file))]
    except CompileError:
        return [f"{file}:any"]


@pytest.mark.parametrize("file", CORPUS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_one_list_of_errors(file: Path) -> None:
    refused = {target: refused_by_build(target) for target in lanes_of(file)}
    assert set(lint_file(file).errors) == set().union(*refused.values())
    for target, errors in refused.items():
        if not target.endswith(":any"):
            assert set(lint(target).errors) == errors, target


def test_the_corpus_has_errors_of_every_kind() -> None:
    """The test above says something only where there is something to disagree on."""
    files = [lint_file(file).errors for file in CORPUS]
    codes = {each.code for errors in files for each in errors}
    assert {"E001", "E031", "E044", "E060", "E062", "E065", "E071", "E077", "E078", "E085"} <= codes
    assert any(not errors for errors in files)


@pytest.mark.parametrize("file", few(SHIPPED, 6), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_that_is_shipped_is_refused(file: Path) -> None:
    linted = lint_file(file)
    assert not linted.errors, linted.errors
