"""The table of docs/lint.md has every check, and every check a program whose message is in the tests."""

from __future__ import annotations

import re
from pathlib import Path

from compile.lint.silences import can_be_silenced
from dag.diagnostics.claim_codes import CLAIM_CODES
from dag.diagnostics.codes import CODES

ROOT = Path(__file__).parents[3]
ROWS = dict(re.findall(r"^\| ([EW]\d{3}) \|.*\| ([^|]*) \|$", (ROOT / "docs" / "lint.md").read_text(), re.MULTILINE))
#: Of a pin file, of a build: no comment in a lane is about them.
OF_A_BUILD = {"E080", "E081", "E082"}


def test_every_check_has_a_row() -> None:
    assert set(ROWS) == {*CLAIM_CODES, *(code for code in CODES if code.startswith("W00"))}


def test_the_row_says_whether_it_can_be_silenced() -> None:
    for code, how in ROWS.items():
        silent = can_be_silenced(code) and code not in {*OF_A_BUILD, "W020", "W021"}
        assert how == (f"`allow {code}`" if silent else "not"), code


def test_every_check_has_a_page_in_the_tests() -> None:
    folders = (ROOT / "tests" / "compile" / "lint", ROOT / "tests" / "dagc" / "pins")
    pages = "\n".join(page.read_text() for folder in folders for page in folder.rglob("*.expect"))
    pages += (ROOT / "tests" / "compile" / "lint" / "test_silences.py").read_text()
    pages += (ROOT / "tests" / "compile" / "test_lint.py").read_text()
    assert {code for code in ROWS if code not in pages} == set()
