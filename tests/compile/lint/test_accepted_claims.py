"""Claims that hold, in whatever words: nothing is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from compile.lint import REFUSALS
from compile.lint.cold_values import cold_values
from dag.diagnostics.diagnostic import render_all
from dag.files.loading import lanes_in_file
from dag.trace import trace

ACCEPTED = sorted((Path(__file__).parent / "accepted").glob("*.py"))


@pytest.mark.parametrize("file", ACCEPTED, ids=lambda path: path.stem)
def test_an_accepted_program_has_no_finding(file: Path) -> None:
    for lane in lanes_in_file(str(file)).values():
        graph = trace(lane)
        found = [each for check in (*REFUSALS, cold_values) for each in check(graph)]
        assert not found, render_all(found)
