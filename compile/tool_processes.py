"""Compilers and simulators as processes that end when dagc ends: none goes on for minutes after its build was stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

_RUNNING: set[subprocess.Popen[str]] = set()
_GUARD = threading.Lock()
_IS_ENDING = threading.Event()


class ToolsEnded(Exception):
    """A tool was asked for after `end_tools`: its thread has not heard yet that the command is over."""


def run_tool(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `command` in `folder` to its end; what it printed, and its exit code, negative where a signal ended it.

    A compiler starts processes of its own, so it gets a session of its own, which `end_tools` ends as a whole.
    Raises ToolsEnded where that was called.
    """
    if _IS_ENDING.is_set():
        raise ToolsEnded(command[0])
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        with _GUARD:
            _RUNNING.add(process)
            if _IS_ENDING.is_set():  # meanwhile
                _end(process)
        try:
            printed, complained = process.communicate()
        except BaseException:
            _end(process)
            raise
        finally:
            with _GUARD:
                _RUNNING.discard(process)
    return subprocess.CompletedProcess(command, process.returncode, printed, complained)


def end_tools() -> None:
    """End every tool that a thread of this process waits for, and whatever the tool has started; start none from now on."""
    with _GUARD:
        _IS_ENDING.set()
        for process in _RUNNING:
            _end(process)


def allow_tools() -> None:
    """Tools may be started again, after `end_tools`."""
    _IS_ENDING.clear()


def _end(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
