"""`dagc watch` looks again after every save, whatever was saved, until it is interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagc.scaffolding.project import write_project

ROOT = Path(__file__).parents[2]
WAITING = "waiting for a save"
#: Seconds after which a watch that says nothing is ended.
LONGEST = 300.0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "mover"
    write_project("mover", folder)
    (folder / "helper.py").write_text("LIMIT = 1.0\n")
    lane = folder / "mover.py"
    lane.write_text(
        lane.read_text().replace("from typing", "from helper import LIMIT\nfrom typing").replace("-1.0)", "-LIMIT)")
    )
    return folder


@pytest.fixture
def watching(project: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "dagc", "watch", "mover.py:mover", "--data", "bars.csv"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=project, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        limit = threading.Timer(LONGEST, process.kill)  # then a line that is waited for ends, and the test fails
        limit.start()
        yield process
        limit.cancel()
        process.kill()


def seen(process: subprocess.Popen[str]) -> str:
    """What one look says."""
    said = ""
    while WAITING not in said:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, said
        said += line
    return said


def test_every_save_is_looked_at(project: Path, watching: subprocess.Popen[str]) -> None:
    lane, helper, bars = project / "mover.py", project / "helper.py", project / "bars.csv"
    good, data = lane.read_text(), bars.read_text()
    first = seen(watching)
    assert "<120 bars of mover>\n  mover   f64, last " in first
    assert "bit-identical: interpreter, c\n" in first
    assert "looked at in " in first
    lane.write_text(good.replace("/ close", "/ (close - average)"))
    assert "E060 Divisor may be zero" in seen(watching)
    lane.write_text(good + "def (\n")
    assert "E001 Syntax error" in seen(watching)
    lane.unlink()
    assert "E003 No such lane" in seen(watching)
    lane.write_text(good)
    assert seen(watching).split("\n\nmover.py")[0] == first.split("\n\nmover.py")[0]
    helper.write_text("LIMIT = 0.25\n")
    assert "last -0.25" in seen(watching), "what the lane imports is watched too"
    bars.write_text(data + "2024-07-01,-1.0\n2024-07-02,nan\n")
    assert "<122 bars of mover>" in (rejected := seen(watching))
    assert "`close` rejected 2 rows, the first at bar 120 (-1.0)" in rejected
    bars.write_text("time,open\n2024-07-01,1.0\n")
    assert "lacks columns that `mover` reads" in seen(watching)
    watching.send_signal(signal.SIGINT)
    assert watching.wait(timeout=20) == 130
    assert watching.stdout is not None
    assert watching.stdout.read() == "interrupted\n", "and it looked once for each save"
