"""Comments that silence a check at their line, and those that say too little or too much."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from dag.diagnostics.diagnostic import render_all
from dagc.cli import main
from dagc.reporting.lint import lint_file

LANE = """\
from typing import Annotated

from dagc import domain, lane, observes


@lane
def guard(x: Annotated[float, observes("raw")]) -> bool:
    return x > 2.0


@lane
def scaled(x: Annotated[float, domain(0.0, 9.0)]) -> float:
    capped = min(x, 8.0)
    trade = guard(capped){claim}
    return 1.5 * x if trade else 0.0{remark}
"""


def said(tmp_path: Path, claim: str = "", remark: str = "") -> list[tuple[str, int]]:
    file = tmp_path / "lane.py"
    file.write_text(LANE.format(claim=claim and f"  {claim}", remark=remark and f"  {remark}"))
    linted = lint_file(file)
    every = (*linted.errors, *linted.remarks)
    return [(each.code, each.span.line if each.span else 0) for each in every]


def test_what_is_there_to_silence(tmp_path: Path) -> None:
    assert said(tmp_path) == [("E071", 14), ("W004", 15)]


@pytest.mark.parametrize(
    "comment", ["# dagc: allow W004 the venue's", "#dagc:allow W004  why", "# noqa # dagc: allow W004 x"]
)
def test_a_reason_silences(tmp_path: Path, comment: str) -> None:
    assert said(tmp_path, remark=comment) == [("E071", 14)]


def test_a_claim_is_silenced_in_a_build_too(tmp_path: Path) -> None:
    build = ["build", f"{tmp_path}/lane.py:scaled", "-o", f"{tmp_path}/out", "--emit", "interpreter", "--rows", "20"]
    assert said(tmp_path) == [("E071", 14), ("W004", 15)]
    refused = CliRunner().invoke(main, build)
    assert refused.exit_code == 1
    assert "E071 Capped value observed" in refused.stderr
    assert said(tmp_path, claim="# dagc: allow E071 the cap is the venue's own limit") == [("W004", 15)]
    assert CliRunner().invoke(main, build).exit_code == 0


def test_several_codes_share_a_reason(tmp_path: Path) -> None:
    assert said(tmp_path, claim="# dagc: allow E071 for now", remark="# dagc: allow W004, W005 for now") == [
        ("W021", 15)
    ]


@pytest.mark.parametrize(
    "comment", ["# dagc: allow W004", "# dagc: allow W004   ", "# dagc: allow", "# dagc: allow the 1.5"]
)
def test_without_reason_or_code_nothing_is_silenced(tmp_path: Path, comment: str) -> None:
    assert said(tmp_path, remark=comment) == [("E071", 14), ("W004", 15), ("W020", 15)]


@pytest.mark.parametrize("code", ["W003", "E030", "W999", "E999"])
def test_a_silence_of_nothing_is_told(tmp_path: Path, code: str) -> None:
    assert said(tmp_path, remark=f"# dagc: allow {code} because") == [("E071", 14), ("W004", 15), ("W021", 15)]


def test_a_text_is_no_comment(tmp_path: Path) -> None:
    file = tmp_path / "lane.py"
    file.write_text('NOTE = "# dagc: allow W004"\n' + LANE.format(claim="", remark=""))
    linted = lint_file(file)
    assert [each.code for each in (*linted.errors, *linted.remarks)] == ["E071", "W004"]


def test_messages_about_silences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said(tmp_path, claim="# dagc: allow E071", remark="# dagc: allow W003,E030,W004 because")
    told = [each for each in lint_file(Path("lane.py")).remarks if each.code in ("W020", "W021")]
    assert render_all(told).splitlines() == [
        "lane.py:14:28: W020 Silence without a reason",
        "    trade = guard(capped)  # dagc: allow E071",
        "                           ^~~~~~~~~~~~~~~~~~",
        "  expected  the codes and the reason for silencing them",
        "  got       `# dagc: allow E071` without a reason; it silences nothing",
        "  fix       write why: # dagc: allow E071 the exchange quotes it so",
        "",
        "lane.py:15:39: W021 Nothing to silence",
        "    return 1.5 * x if trade else 0.0  # dagc: allow W003,E030,W004 because",
        "                                      ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~",
        "  expected  a remark to silence at this line",
        "  got       W003, of which there is none",
        "  fix       leave W003 out",
        "",
        "lane.py:15:39: W021 Nothing to silence",
        "    return 1.5 * x if trade else 0.0  # dagc: allow W003,E030,W004 because",
        "                                      ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~",
        "  expected  codes of remarks or of claims",
        "  got       E030, an error that must be fixed",
        "  fix       leave E030 out",
        "",
        "3 warnings",
        "explain: dagc explain W020 W021",
    ]


@pytest.mark.parametrize("place", ["field", "argument", ""])
def test_a_parameter_is_silenced_where_it_is_declared_or_where_it_is_taken(tmp_path: Path, place: str) -> None:
    comment = "  # dagc: allow W001 for another engine"
    lines = [
        "from dagc import lane, params",
        "@params",
        "class Tuning:",
        "    gain: float = 2.0",
        f"    spare: float = 1.0{comment if place == 'field' else ''}",
        "@lane",
        "def scaled(",
        "    x: float,",
        f"    p: Tuning,{comment if place == 'argument' else ''}",
        ") -> float:",
        "    return x * p.gain",
        "",
    ]
    file = tmp_path / "lane.py"
    file.write_text("\n".join(lines))
    assert [(each.code, each.node) for each in lint_file(file).remarks] == ([] if place else [("W001", "spare")])
