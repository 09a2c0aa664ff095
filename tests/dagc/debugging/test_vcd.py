"""Runs as waves: the text of a small one, and every word of a hard one as Surfer's own reader gives it back."""

from __future__ import annotations

import io
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest

import dagc
from dag.values.words import word_of
from dagc import carry, domain, lane
from dagc.debugging.listing import listed
from dagc.debugging.tap_names import NameProblem, TapNames
from dagc.debugging.waves import vcd
from dagc.live.run import Run
from tests.support.command_line import dagc as run_dagc


class Side(Enum):
    FLAT = 0
    LONG = 1
    SHORT = -1


@lane
def moved(x: float) -> float:
    before = carry(initial=-0.0)
    step = x - before
    before = x
    return step


@lane
def followed(x: float, n: Annotated[int, domain(-(2**62), 2**62)]) -> tuple[float, Side, int, bool]:
    step = moved(x)
    side = Side.LONG if step > 0.0 else Side.SHORT if step < 0.0 else Side.FLAT
    return step * 1.0, side, -n, side == Side.LONG


NAN, INF = float("nan"), float("inf")
XS = np.array([0.1, -0.0, 0.0, NAN, NAN, INF, -INF, 5e-324, 1.0, np.nextafter(1.0, 2.0), 1e308, 0.1 + 0.2, 0.3, -0.0])
NS = np.array([0, 1, -1, 2**62, -(2**62), 3, 3, 3, 4, 5, 6, 7, 8, 9])


def run_of() -> Run:
    return dagc.compile(followed).run({"x": XS, "n": NS}, taps=["all"])


def text_of(run: Run, taps: tuple[str, ...] = ("all",)) -> str:
    file = io.StringIO()
    vcd.write_vcd(run.graph, run.runner, run.batch, file, vcd.chosen(run.graph, taps))
    return file.getvalue()


def test_only_changes_are_written_with_a_zero_for_minus_zero() -> None:
    @lane
    def double(x: float) -> tuple[float, bool]:
        y = x + x
        return y, y > 1.0

    run = dagc.compile(double).run({"x": np.array([0.0, -0.0, -0.0, 1.0])}, taps=["all"])
    head, _, changes = text_of(run).partition("$enddefinitions $end\n")
    assert head.splitlines()[1:] == [
        "$timescale 1 s $end",
        "$scope module double $end",
        "$var wire 1 % result.1 $end",
        "$var real 64 & y $end",
        "$scope module outputs $end",
        "$var real 64 ! result.0 $end",
        "$var wire 1 \" result.1 $end",
        "$var integer 64 # status $end",
        "$upscope $end",
        "$scope module inputs $end",
        "$var real 64 $ x $end",
        "$upscope $end",
        "$upscope $end",
    ]  # fmt: skip
    assert changes.splitlines() == [
        *("#0", "r0.0 !", '0"', "b0 #", "r0.0 $", "0%", "r0.0 &"),
        *("#1", "r-0.0 !", "r-0.0 $", "r-0.0 &"),
        *("#3", "r2.0 !", '1"', "r1.0 $", "1%", "r2.0 &"),
        "#4",
    ]


@pytest.mark.parametrize("at_once", [1 << 22, 30])
def test_surfer_reads_back_every_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    pywellen = pytest.importorskip("pywellen", reason="pywellen, Surfer's reader of waves, is not installed")
    monkeypatch.setattr(vcd, "WORDS_AT_ONCE", at_once)
    run = run_of()
    (tmp_path / "run.vcd").write_text(text_of(run), encoding="utf-8")
    signals = {each.full_name: each.signal for each in pywellen.Waveform(str(tmp_path / "run.vcd")).all_vars()}
    values = list(listed(run.graph, TapNames(run.graph)))
    assert len(signals) == len(values) == len(text_of(run).split("$var ")) - 1
    assert {"followed.outputs.result.0", "followed.moved.step", "followed.moved.state.before"} <= set(signals)
    for name, column in (("outputs.result.0", run["result.0"]), ("moved.step", run["moved.step"]), ("inputs.x", XS)):
        found = [float(signals[f"followed.{name}"].value_at(bar)) for bar in range(len(XS))]
        assert [word_of(each, run.graph.types[run.nodes["result.0"]]) for each in found] == [
            word_of(each, run.graph.types[run.nodes["result.0"]]) for each in column.tolist()
        ], name
    sides = [signals["followed.outputs.result.1"].value_at(bar) for bar in range(len(XS))]
    assert sides == [Side(code).name for code in run["result.1"].tolist()]
    assert [_signed(signals["followed.outputs.result.2"].value_at(bar)) for bar in range(len(XS))] == run[
        "result.2"
    ].tolist()
    assert [int(signals["followed.outputs.result.3"].value_at(bar)) for bar in range(len(XS))] == run[
        "result.3"
    ].tolist()


def _signed(value: Any) -> int:
    """An integer as the reader gives it: without its sign."""
    found = int(value, 2) if isinstance(value, str) else int(value)
    return found - (1 << 64) if found >= 1 << 63 else found


def test_values_that_are_not_asked_for_are_left_out(tmp_path: Path) -> None:
    run = run_of()
    text = text_of(run, ("moved.step",))
    assert " step $end" in text
    assert " side $end" not in text
    run.waves(tmp_path / "run.vcd", "moved.step")
    assert (tmp_path / "run.vcd").read_text(encoding="utf-8") == text
    with pytest.raises(NameProblem, match="steep"):
        run.waves(tmp_path / "no.vcd", "steep")


def test_the_command_writes_a_file(tmp_path: Path) -> None:
    source = "from dagc import lane\n\n@lane\ndef half(x: float) -> float:\n    return x / 2.0\n"
    (tmp_path / "half.py").write_text(source, encoding="utf-8")
    (tmp_path / "bars.csv").write_text("x\n1.0\n3.0\n", encoding="utf-8")
    done = run_dagc("vcd", "half.py:half", "--data", "bars.csv", "-o", "out/half.vcd", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "r1.5 " in (tmp_path / "out" / "half.vcd").read_text(encoding="utf-8")
    wrong = run_dagc("vcd", "half.py:half", "--data", "bars.csv", "-o", "x.vcd", "--taps", "hlf", cwd=tmp_path)
    assert (wrong.returncode, (tmp_path / "x.vcd").exists()) == (2, False), wrong.stderr
