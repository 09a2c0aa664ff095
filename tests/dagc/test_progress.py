"""Progress is for who looks at a terminal: a file, a pipe and a notebook get none."""

from __future__ import annotations

import sys

import pytest

from dagc.terminal.progress import NOTEBOOK, Stages, row_progress


@pytest.mark.parametrize(
    ("is_terminal", "in_notebook", "quiet"),
    [(True, False, False), (True, True, False), (False, False, False), (True, False, True)],
)
def test_only_a_terminal_outside_a_notebook_shows_progress(
    is_terminal: bool,
    in_notebook: bool,
    quiet: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv(NOTEBOOK, raising=False)
    if in_notebook:
        monkeypatch.setenv(NOTEBOOK, "17")
    with Stages(quiet).stage("thinking"):
        pass
    with row_progress("campaign", 10, quiet) as done:
        done(10)
    shown = capsys.readouterr().err
    assert ("thinking" in shown) is ("campaign" in shown) is (is_terminal and not in_notebook and not quiet)
