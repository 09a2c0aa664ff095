"""`dagc build --quick` emits what a first look runs, on few rows, and excludes what it leaves out."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from compile.backends import quick, record_of
from dagc.building.request import QUICK_ROWS
from dagc.cli import main

LANE = f"{Path(__file__).parents[2]}/examples/first_lane.py:strength"


def test_a_quick_build_is_a_whole_bundle_of_few_lowerings(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["build", LANE, "-o", str(tmp_path / "quick"), "--quick"])
    assert done.exit_code == 0, done.output
    assert all((tmp_path / "quick" / record_of(name).file).is_file() for name in quick())
    assert not (tmp_path / "quick" / "kernel.stablehlo").exists()
    assert f"lane                 {QUICK_ROWS + 12} rows" in done.output, "rounded up to whole rounds"
    assert "xla" not in done.output


def test_what_it_leaves_out_cannot_be_asked_for(tmp_path: Path) -> None:
    for option in (["--emit", "xla"], ["--rtl-instances", "2"]):
        done = CliRunner().invoke(main, ["build", LANE, "-o", str(tmp_path / "quick"), "--quick", *option])
        assert done.exit_code == 2, done.output
        assert "--quick" in done.output


def test_rows_may_be_named(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["build", LANE, "-o", str(tmp_path / "quick"), "--quick", "--rows", "64"])
    assert done.exit_code == 0, done.output
    assert "lane                  64 rows" in done.output
