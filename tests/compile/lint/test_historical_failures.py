"""Failures that cost real systems money, as small programs: each is refused, with the page that docs/lint.md shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dag.diagnostics.diagnostic import render_all
from dagc.reporting.lint import lint_file

HISTORICAL = Path(__file__).parent / "historical"
PROGRAMS = {
    "dollars_called_bps": "E031",
    "dead_gamma": "E079",
    "six_signals": "E072",
    "stomped_cap": "E042",
    "capped_history": "E071",
}
DOCUMENT = Path(__file__).parents[3] / "docs" / "lint.md"


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_historical_failure_is_refused(
    program: str, golden: Callable[[str, Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HISTORICAL)
    linted = lint_file(Path(f"{program}.py"))
    assert [each.code for each in linted.errors] == [PROGRAMS[program]]
    assert not linted.remarks
    golden(render_all(linted.errors) + "\n", HISTORICAL / f"{program}.expect")


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_page_of_checks_shows_each_failure(program: str) -> None:
    """The body of the lane that fails, and the whole message, word for word."""
    page = DOCUMENT.read_text(encoding="utf-8")
    message = (HISTORICAL / f"{program}.expect").read_text(encoding="utf-8").rpartition("\n\n")[0]
    failing = (HISTORICAL / f"{program}.py").read_text(encoding="utf-8").rpartition("@lane\n")[2].strip()
    assert message in page
    assert failing in page
