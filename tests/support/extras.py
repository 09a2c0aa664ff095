"""The optional extras of pyproject.toml: a test that imports a package of one, where it is not installed, is skipped by name."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_NOT_THERE = re.compile(r"No module named '(\w+)")


@cache
def _extras() -> dict[str, str]:
    """Module -> the extra that installs it; everything else is in `dev`."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    return {
        re.match(r"[\w-]+", requirement)[0].replace("-", "_"): extra  # type: ignore[index]
        for extra, requirements in reversed(project["optional-dependencies"].items())
        for requirement in requirements
    }


def missing_extra(problem: str) -> str | None:
    """What to install, where `problem` says that a package of an extra is not there; None for anything else."""
    found = _NOT_THERE.search(problem)
    if found is None or found[1] not in _extras() or find_spec(found[1]) is not None:
        return None
    return f"missing: {found[1]} (pip install 'dagc-compiler[{_extras()[found[1]]}]')"
