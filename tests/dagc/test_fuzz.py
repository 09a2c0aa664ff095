"""`dagc fuzz`: what it prints and saves, how it goes on after it was killed, what it replays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from compile.backend import Backend
from compile.campaign.findings.minimise import minimise
from compile.campaign.findings.reproducer import to_json
from compile.campaign.fuzz.graphs import GraphPack, examine
from compile.check.compare import comparable_nodes
from compile.interpreter.backend import Interpreter
from dag.operators import table as ops
from dagc.cli import main
from dagc.fuzzing.graphs import GraphFuzzPlan, GraphFuzzTotals
from tests.support.faulty import Faulty

SMALL = ["fuzz", "--backends", "interpreter", "--rows", "20"]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, [*SMALL, *arguments])
    return result.exit_code, result.output


def counted(output: str) -> dict[str, object]:
    document: dict[str, object] = json.loads(output[output.index("{") :])
    return {key: document[key] for key in ("graphs", "rows_of", "words", "recomputed", "findings")}


def test_what_ran_alone_is_not_called_identical(tmp_path: Path) -> None:
    code, said = run("--graphs", "3", "--out", str(tmp_path), "--jobs", "1")
    assert code == 3
    assert said.startswith("3 of 3 random graphs, seed 0: nothing was compared\n")


def test_killed_it_goes_on_and_the_totals_are_those_of_one_run(tmp_path: Path) -> None:
    arguments = [*SMALL, "--graphs", "100", "--jobs", "1", "--json", "--out"]
    command = [sys.executable, "-m", "dagc", *arguments, str(tmp_path / "killed")]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        journals = list((tmp_path / "killed").glob("journal-*"))
        if journals and journals[0].read_bytes().count(b"\n") >= 3:
            break
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    (journal,) = (tmp_path / "killed").glob("journal-*")
    before = journal.read_bytes()
    assert before.count(b"\n") >= 3
    code, said = run("--graphs", "100", "--jobs", "2", "--json", "--out", str(tmp_path / "killed"))
    assert code == 3  # the interpreter alone
    assert "continuing after" in said
    assert journal.read_bytes().startswith(before[: before.rfind(b"\n") + 1])
    whole = run("--graphs", "100", "--jobs", "1", "--json", "--out", str(tmp_path / "whole"))[1]
    assert counted(said) == counted(whole)


def test_out_of_time_it_says_so(tmp_path: Path) -> None:
    code, said = run("--graphs", "500", "--time-limit", "0", "--out", str(tmp_path))
    assert code == 3
    assert "0 of 500 random graphs" in said
    assert "nothing was compared" in said
    assert "the same command resumes from here" in said


def test_a_tool_that_is_missing_is_never_passed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    result = CliRunner().invoke(
        main, ["fuzz", "--backends", "c", "--graphs", "2", "--rows", "10", "--out", str(tmp_path), "--jobs", "1"]
    )
    assert result.exit_code == 3
    assert "MISSING" in result.output


def test_an_unknown_backend_is_refused() -> None:
    result = CliRunner().invoke(main, ["fuzz", "--backends", "llvm"])
    assert result.exit_code == 2
    assert "there is no backend llvm" in result.output


def test_a_saved_disagreement_is_replayed(tmp_path: Path) -> None:
    pack = GraphPack(0, 1, 0, 4, 20, False)
    graph = pack.graph()
    backends: dict[str, Backend] = {"interpreter": Interpreter(), "faulty": Faulty({ops.ADD: lambda a, b: a - b})}
    found = examine(backends["faulty"], graph, pack.batch(graph), comparable_nodes(graph))
    assert found is not None
    path = tmp_path / "found.json"
    path.write_text(to_json(minimise(backends, found), "a test"))
    code, said = run("--replay", str(path))
    assert (code, said) == (3, "reproducer, found in faulty: which was not run\n")
    path.write_text(path.read_text().replace('"backend": "faulty"', '"backend": "interpreter"'))
    assert run("--replay", str(path)) == (0, "reproducer, found in interpreter: bit-identical\n")
    assert '"add(' not in path.read_text()
    path.write_text("{}")
    assert run("--replay", str(path))[0] == 2
    assert run("--replay", str(tmp_path / "none.json"))[0] == 2


def test_a_disagreement_is_an_exit_code_and_a_page() -> None:
    totals = GraphFuzzTotals(GraphFuzzPlan(10, 0, 100, ("interpreter", "c"), 0.0))
    step = {"graphs": 10, "rows_of": {"interpreter": 100, "c": 100}, "words": 5, "recomputed": 0}
    totals.add({**step, "findings": ["x.json"], "explained": ["c differs"]})
    assert totals.exit_code == 1
    assert "10 of 10 random graphs, seed 0: DIFFERENT" in totals.as_text()
    assert "dagc fuzz --replay x.json" in totals.as_text()
