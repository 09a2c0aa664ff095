"""The command line inside this process: what a user's shell would see of `dagc ...`, without a second start of Python."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from dagc.cli import main


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended, with the field names of `subprocess.CompletedProcess`."""

    returncode: int
    stdout: str
    stderr: str


def dagc(*arguments: object, cwd: Path) -> Finished:
    """Run `dagc` with `arguments` in the folder `cwd`. An exception that would end the process with a traceback is raised here.

    What the command imported from below `cwd` is forgotten afterwards, as the end of a process would.
    """
    before, path = {*sys.modules}, [*sys.path]
    try:
        with contextlib.chdir(cwd):
            result = CliRunner().invoke(main, [*map(str, arguments)], catch_exceptions=False)
    finally:
        sys.path[:] = path
        for name in {*sys.modules} - before:
            if _is_below(getattr(sys.modules[name], "__file__", None), cwd):
                del sys.modules[name]
    return Finished(result.exit_code, result.stdout, result.stderr)


def _is_below(file: str | None, folder: Path) -> bool:
    return file is not None and Path(file).resolve().is_relative_to(folder.resolve())
