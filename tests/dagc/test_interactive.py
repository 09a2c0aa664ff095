"""dagc as functions of a lane: in a cell, a module or a test, with what is wrong said as `dagc lint` says it."""

from __future__ import annotations

import linecache
from pathlib import Path
from typing import Any

import pytest

import dagc
from dag.diagnostics.diagnostic import CompileError
from dagc import lane
from dagc.data.problem import DataProblem
from dagc.testing import assert_bit_identical

CELL = '''
from dagc import lane

@lane
def spread(bid: float, ask: float) -> float:
    """What it costs to cross."""
    return ask - bid
'''


def cell(source: str, name: str) -> dict[str, Any]:
    """What a cell of a notebook defines, as IPython runs it: its text is in linecache, under a name that is no file's."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, name, "exec"), names)
    return names


def test_a_lane_of_a_cell_is_compiled_linted_checked_and_built(tmp_path: Path) -> None:
    spread = cell(CELL, "<ipython-input-1-0123456789ab>")["spread"]
    assert dagc.compile(spread).bind().step(bid=1.0, ask=1.5).spread == 0.5
    assert repr(dagc.lint(spread)) == "1 lane, nothing to report"
    report = dagc.check(spread, rows=100, backends=["interpreter", "c"])
    assert report.passed
    assert report.rows_of.keys() == {"lane", "interpreter", "c"}
    summary = dagc.build(spread, tmp_path / "bundle", backends=["interpreter", "c"], rows=100)
    assert summary.passed
    assert dagc.load(tmp_path / "bundle").bind().step(bid=1.0, ask=1.5).spread == 0.5


def test_a_check_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    dagc.check(cell(CELL, "<ipython-input-2-0123456789ab>")["spread"], rows=50, backends=["interpreter"])
    assert [*tmp_path.iterdir()] == []


def test_mistakes_of_a_cell_are_said_at_its_lines() -> None:
    wrong = cell(CELL.replace("ask - bid", "ask - bidd"), "<ipython-input-3-0123456789ab>")["spread"]
    for of in (dagc.compile, dagc.check):
        with pytest.raises(CompileError, match=r"<ipython-input-3-0123456789ab>:7:18: E020 [\s\S]*did you mean `bid`"):
            of(wrong)
    assert "E020" in repr(dagc.lint(wrong))
    with pytest.raises(CompileError) as caught:
        dagc.compile(wrong)
    assert "\n".join(caught.value._render_traceback_()) == str(caught.value).rstrip("\n")


def test_plain_functions_and_texts_stand_for_lanes(tmp_path: Path) -> None:
    plain = cell(CELL.replace("@lane\n", ""), "<ipython-input-4-0123456789ab>")["spread"]
    assert dagc.compile(plain).bind().step(bid=1.0, ask=1.5).spread == 0.5
    file = tmp_path / "mine.py"
    file.write_text(CELL, encoding="utf-8")
    assert dagc.compile(f"{file}:spread").inputs.names == ("bid", "ask")
    with pytest.raises(TypeError, match=r"expected a lane, a plain function or the text FILE.py:LANE, got 3"):
        dagc.compile(3)  # type: ignore[arg-type]


@lane
def doubled(x: float) -> float:
    """Twice."""
    return x + x


def test_an_assertion_fails_where_the_oracle_differs_in_one_bit() -> None:
    assert_bit_identical(doubled, oracle=lambda x: 2.0 * x, rows=200, backends=["interpreter"])
    with pytest.raises(AssertionError, match=r"doubled against .*: DIFFERS"):
        assert_bit_identical(doubled, oracle=lambda x: 2.0 * x + 0.0, rows=200, backends=["interpreter"])  # -0.0
    with pytest.raises(DataProblem, match="takes no input of `doubled`"):
        assert_bit_identical(doubled, oracle=lambda: 1.0, rows=200, backends=["interpreter"])


def test_dir_lists_what_is_public() -> None:
    assert dir(dagc) == sorted((*dagc.__all__, "__version__"))
    assert all(hasattr(dagc, name) for name in dir(dagc))


def test_a_backend_whose_name_is_misspelt_is_refused_and_not_left_out(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"there is no backend 'cc'; there are interpreter, .*c_batch"):
        dagc.check("examples/first_lane.py:conviction", rows=10, backends=["interpreter", "cc"])
    with pytest.raises(ValueError, match="there is no backend 'C'"):
        assert_bit_identical("examples/first_lane.py:conviction", rows=10, backends=["C"])
    with pytest.raises(ValueError, match=r"backends=\[\] names none"):
        dagc.check("examples/first_lane.py:conviction", rows=10, backends=[])
    with pytest.raises(ValueError, match="there is no backend 'c_batch'; there are interpreter, xla, c, rtl"):
        dagc.build("examples/first_lane.py:conviction", tmp_path / "out", backends=["c_batch"])
    assert dagc.check("examples/first_lane.py:conviction", rows=10, backends="interpreter").passed
