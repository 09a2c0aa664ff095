"""The claims of the five-factor sizing hold, and not because nobody looks: each is refused where the wiring breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagc.reporting.lint import LintReport, lint_file

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.py"))
SOURCE = (Path(__file__).parents[3] / "examples" / "five_factor.py").read_text()


def linted(tmp_path: Path, *edit: str) -> LintReport:
    file = tmp_path / "five_factor_edited.py"
    assert SOURCE.count(edit[0]) == 1
    file.write_text(SOURCE.replace(edit[0], edit[1]))
    return lint_file(file)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_clean(file: Path) -> None:
    found = lint_file(file)
    assert (found.errors, found.remarks) == ((), ())


def test_a_gate_that_is_forgotten(tmp_path: Path) -> None:
    found = linted(tmp_path, "may = ok and not mc.halt", "may = not mc.halt")
    assert [each.code for each in found.errors] == ["E079", "E075"]
    assert found.errors[1].node == "enter"


def test_a_haircut_in_both_places(tmp_path: Path) -> None:
    found = linted(tmp_path, "post = sizing.haircut_post and not sizing.compose.esof_in", "post = sizing.haircut_post")
    assert [each.code for each in found.errors] == ["E076"]
    assert "`sizing.compose.esof_in` is true" in found.errors[0].got[0]
    assert "`sizing.haircut_post` is true" in found.errors[0].got[0]


def test_a_factor_that_nobody_reads(tmp_path: Path) -> None:
    found = linted(tmp_path, "regime, ob.mult, esof, market.posture", "regime, 1.0, esof, market.posture")
    assert [(each.code, each.node) for each in found.errors] == [("E079", "market_ob_mult")]
