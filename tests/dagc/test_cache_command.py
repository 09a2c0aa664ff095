"""`dagc cache`: what is kept between runs, shown and cleared."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from compile.cache import cached, store
from dagc.cli import main


def test_it_shows_what_is_kept_by_kind_and_clears_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    store("xla-a", b"x" * (1 << 19))
    store("verilator-runtime-b", b"y")
    shown = CliRunner().invoke(main, ["cache"]).output.splitlines()
    assert shown[0] == f"{tmp_path / 'dagc'}: 2 files, 0.5 MiB of 2,048.0 MiB"
    assert [line.split()[:2] for line in shown[1:]] == [["verilator-runtime", "1"], ["xla", "1"]]
    assert CliRunner().invoke(main, ["cache", "--clear"]).output == f"removed 2 files from {tmp_path / 'dagc'}\n"
    assert cached("xla-a") is None
    assert "0 files" in CliRunner().invoke(main, ["cache"]).output
