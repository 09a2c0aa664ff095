"""`dagc lint --report`: where results come from, what acts, what stops it, what enters twice, what a log lacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from dagc.cli import main

FILE = Path(__file__).parent / "reported.py"


def test_the_report_is_the_golden_text(golden: Callable[[str, Path], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FILE.parent)
    done = CliRunner().invoke(main, ["lint", "--report", FILE.name])
    assert (done.exit_code, "E084" in done.stderr) == (1, True)
    golden(done.stdout.partition("\n\nquoted\n")[2], FILE.with_suffix(".expect"))


def test_the_report_as_json() -> None:
    reports = json.loads(CliRunner().invoke(main, ["lint", "--report", "--json", str(FILE)]).stdout)
    assert [each["lane"] for each in reports] == ["open_now", "base", "damping", "quoted"]
    quoted = reports[-1]
    assert quoted["feeds"] == {"send": ["halted"], "size": ["book", "halted", "regime"], "skew": ["book"]}
    assert quoted["sinks"] == ["send", "size"]
    assert [each["feeds"] for each in quoted["repeated"]] == [["regime"]]
    assert reports[0]["not_replayable"] is None
