"""Each check finds its failure in every spelling, and leaves right programs alone that look like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from compile.front import front
from dag.diagnostics.diagnostic import render_all
from dag.files.loading import lanes_in_file
from dag.language.lane import AnyLane

HERE = Path(__file__).parent / "spellings"


def named_after_a_code(file: str) -> dict[str, AnyLane]:
    """The lanes of a file whose names begin with a code; the others are there to be called."""
    return {name: lane for name, lane in lanes_in_file(str(HERE / file)).items() if name[1:4].isdigit()}


WRONG = named_after_a_code("wrong.py") | named_after_a_code("arithmetic_wrong.py")
RIGHT = named_after_a_code("right.py") | named_after_a_code("arithmetic_right.py")


@pytest.mark.parametrize("name", WRONG)
def test_the_failure_is_found(name: str) -> None:
    assert name[:4].upper() in {each.code for each in front(WRONG[name]).found}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_spelling_has_no_finding(name: str) -> None:
    """Of how it looks (an unnamed number) and of what a caller may need (a parameter) something may be said."""
    found = [each for each in front(RIGHT[name]).found if each.code not in ("W001", "W004")]
    assert not found, render_all(found)


def test_each_check_has_right_and_wrong_spellings() -> None:
    codes = [{name[:4] for name in names} for names in (WRONG, RIGHT)]
    assert codes[0] == codes[1]
