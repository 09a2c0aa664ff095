"""Programs whose claims do not hold, each with the whole page that its author gets to read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dag.diagnostics.diagnostic import render_all
from dagc.reporting.lint import lint_file

REFUSED = Path(__file__).parent / "refused"
PROGRAMS = sorted(REFUSED.glob("*.py"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_broken_claim_has_the_golden_message(
    program: Path, golden: Callable[[str, Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(REFUSED)
    linted = lint_file(Path(program.name))
    assert linted.errors or linted.remarks
    golden(render_all((*linted.errors, *linted.remarks)) + "\n", program.with_suffix(".expect"))


def test_no_page_outlives_its_program() -> None:
    assert {page.stem for page in REFUSED.glob("*.expect")} == {program.stem for program in PROGRAMS}
