"""The user's own code by name: `package.module:function`, `path/file.py:function`, `...:Class.method`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from dag.files.loading import load_module
from dagc.data.problem import DataProblem
from dagc.debugging.naming_help import did_you_mean


def located(target: str) -> tuple[Any, str | None]:
    """What `target` names, and the method where it names one of a class. Raises DataProblem, CompileError."""
    place, separator, dotted = target.rpartition(":")
    if not separator or not dotted:
        raise DataProblem(f"--oracle {target}: expected MODULE:FUNCTION or FILE.py:FUNCTION")
    found: Any = load_module(place) if place.endswith(".py") else _module(place)
    owner: Any = None
    for name in dotted.split("."):
        if not hasattr(found, name):
            raise DataProblem(f"--oracle {target}: `{name}` is not there: {did_you_mean(name, tuple(vars(found)))}")
        owner, found = found, getattr(found, name)
    if not callable(found):
        raise DataProblem(f"--oracle {target}: expected something to call, got {type(found).__name__}")
    if isinstance(owner, type):
        return owner, dotted.rpartition(".")[2]
    return found, None


def _module(name: str) -> Any:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)  # as `python -m` has it
    try:
        return importlib.import_module(name)
    except Exception as problem:
        raise DataProblem(f"--oracle: {name} cannot be imported: {type(problem).__name__}: {problem}") from problem
