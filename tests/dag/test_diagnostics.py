"""The page of help, character for character."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dag.diagnostics.codes import CODES
from dag.diagnostics.diagnostic import CompileError, Diagnostic, excerpt, explain, render, render_all
from dag.diagnostics.span import Span

SPREAD = Diagnostic(
    code="E999",
    title="Unit mismatch",
    span=Span("pairs.py", 41, 14, 28, "    spread = bid - ask_size  # raw"),
    node="spread",
    expected="both operands of `sub` in one unit",
    got=("bid       f64 [px]", "ask_size  f64 [contracts]"),
    fix="multiply ask_size by a price",
    notes=("bid is declared at pairs.py:12",),
)
SPREAD_PAGE = """\
pairs.py:41:14: E999 Unit mismatch at node `spread`
    spread = bid - ask_size  # raw
             ^~~~~~~~~~~~~~
  expected  both operands of `sub` in one unit
  got       bid       f64 [px]
            ask_size  f64 [contracts]
  fix       multiply ask_size by a price
  note      bid is declared at pairs.py:12"""
UNREAD = Diagnostic("W999", "Unread", None, "", "a reader", (), "delete it")


def test_a_diagnostic_is_a_short_page_of_help() -> None:
    assert render(SPREAD) == SPREAD_PAGE


def test_what_is_not_known_leaves_no_gap() -> None:
    assert render(UNREAD) == "W999 Unread\n  expected  a reader\n  fix       delete it"


def test_an_error_prints_all_diagnostics_their_number_and_one_pointer() -> None:
    error = CompileError([SPREAD, SPREAD, UNREAD])
    assert str(error) == "\n\n".join(
        [SPREAD_PAGE, SPREAD_PAGE, render(UNREAD), "2 errors, 1 warning\nexplain: dagc explain E999 W999"]
    )
    assert error.diagnostics == (SPREAD, SPREAD, UNREAD)


def test_equal_remarks_are_told_once_with_their_places() -> None:
    remarks = [replace(UNREAD, span=Span("f.py", line, 5, 9), node=f"x{line}") for line in (3, 7, 9)]
    other = replace(remarks[0], got=("another",))
    text = render_all([remarks[0], SPREAD, SPREAD, other, *remarks[1:]])
    assert text.splitlines()[0] == "f.py:3:5: W999 Unread at node `x3` (3 times)"
    assert "  also at   f.py:7:5 `x7`\n            f.py:9:5 `x9`\n" in text
    assert text.count("W999 Unread") == 2
    assert text.count("E999") == 3  # two errors, and the line that says where to read more
    assert "2 errors, 4 warnings" in text


def test_a_remark_of_very_many_places_lists_some() -> None:
    remarks = [replace(UNREAD, span=Span("f.py", line, 1, 2)) for line in range(1, 30)]
    last = render_all(remarks).partition("\n\n")[0].splitlines()[-1]
    assert last.strip() == "and 16 more"


@pytest.mark.parametrize(
    ("span", "lines"),
    [
        (Span("f.py", 1, 1, 2, "x"), ["    x", "    ^"]),
        (Span("f.py", 1, 2, 9, "\tx = \ty"), ["    x = \ty", "    ^~~~~~"]),
        (Span("f.py", 1, 6, 7, "\tx =\ty"), ["    x =\ty", "       \t^"]),
        (Span("f.py", 1, 1, 99, "  x = ("), ["    x = (", "    ^~~~~~~"]),
        (Span("f.py", 1, 9, 9, "x"), ["    x", "     ^"]),
        (Span("f.py", 1, 1, 5, "   "), []),
        (Span("f.py", 1, 1, 5), []),
    ],
    ids=["one column", "tab outdented", "tab inside", "past the end", "empty span", "blank line", "unknown source"],
)
def test_the_caret_stands_under_the_span(span: Span, lines: list[str]) -> None:
    assert excerpt(span) == lines


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_is_explained(code: str) -> None:
    title, explanation = CODES[code]
    assert explain(code.lower()) == f"{code} {title}\n\n{explanation.strip()}\n"
    assert len(explanation.split()) > 5


def test_an_unknown_code_is_answered_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"no diagnostic is called 'E000'; there are E"):
        explain("E000")
