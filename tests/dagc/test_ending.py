"""A build that is told to end takes its compilers with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from compile.tool_processes import ToolsEnded, allow_tools, end_tools, run_tool

ROOT = Path(__file__).parents[2]
#: A compiler that says who it is and never ends, as its child does.
SLOW = """#!/bin/sh
case "$*" in *--version*) echo "slow 1.0"; exit 0;; esac
sleep 600 &
echo $$ $! >> {pids}
wait
"""
#: A shell has what it runs beside itself ignore interrupts, and so do the processes of that.
HEARS_INTERRUPTS = """import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(condition: Callable[[], object], seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc: processes cannot be looked at")
@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["told", "interrupted"])
def test_ending_a_build_ends_its_compilers_and_what_they_started(how: int, code: int, tmp_path: Path) -> None:
    pids, slow = tmp_path / "pids", tmp_path / "slow-cc"
    slow.write_text(SLOW.format(pids=pids))
    slow.chmod(0o755)
    command = [
        sys.executable,
        "-c",
        HEARS_INTERRUPTS,
        "-m",
        "dagc",
        "build",
        "examples/first_lane.py:conviction",
        "--emit",
        "c",
        "--fresh",
    ]
    environment = {**os.environ, "CC": str(slow), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    build = subprocess.Popen(
        [*command, "-o", str(tmp_path / "out")],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert until(lambda: pids.exists() and pids.read_text()), "the compiler was not started"
        # More than once: Python ignores an exception that comes while it runs a finaliser, an interrupt too.
        for _ in range(10):
            build.send_signal(how)
            if until(lambda: build.poll() is not None, 6.0):
                break
        # Python ends itself by SIGINT where it interrupts what `exec` runs, such as the making of a dataclass; a shell says 130.
        assert build.wait(timeout=60) in (code, -signal.SIGINT if how == signal.SIGINT else code)
    finally:
        build.kill()
        build.wait()
    started = [int(pid) for pid in pids.read_text().split()]
    assert until(lambda: not any(map(is_alive, started)), 10.0), "a compiler goes on"
    assert not (tmp_path / "out").exists()


def test_what_ends_a_tool_is_its_exit_code(tmp_path: Path) -> None:
    done: list[subprocess.CompletedProcess[str]] = []
    thread = threading.Thread(target=lambda: done.append(run_tool(["sh", "-c", "touch here; sleep 600"], tmp_path)))
    thread.start()
    assert until((tmp_path / "here").exists)
    end_tools()
    try:
        thread.join(10)
        assert [each.returncode for each in done] == [-signal.SIGKILL]
        with pytest.raises(ToolsEnded):
            run_tool(["true"], tmp_path)
    finally:
        allow_tools()
    assert run_tool(["true"], tmp_path).returncode == 0


def test_what_a_tool_prints(tmp_path: Path) -> None:
    done = run_tool(["sh", "-c", "pwd; echo wrong >&2; exit 3"], tmp_path)
    assert (done.stdout, done.stderr, done.returncode) == (f"{tmp_path}\n", "wrong\n", 3)
