"""The optional extras of pyproject.toml: a test that needs a package of one, where it is not installed, is skipped by name."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from functools import cache
from pathlib import Path

_NOT_THERE = re.compile(r"No module named '(\w+)")
#: What dagc itself says where a package is missing.
_ADVICE = re.compile(r"pip install 'dagc-compiler\[(\w+)\]'")


@cache
def _extras() -> dict[str, str]:
    """Package -> the extra that installs it; everything else is in `dev`."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    return {
        re.match(r"[\w-]+", requirement)[0]: extra  # type: ignore[index]
        for extra, requirements in reversed(project["optional-dependencies"].items())
        for requirement in requirements
    }


def is_installed(package: str) -> bool:
    """Whether the distribution is installed here."""
    try:
        importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def missing_extra(problem: str) -> str | None:
    """What to install, where `problem` says that a package of an extra is not there, and it is not; None for anything else."""
    named, advised = _NOT_THERE.search(problem), {*_ADVICE.findall(problem)}
    for package, extra in _extras().items():
        is_named = named is not None and named[1] == package.replace("-", "_")
        if (is_named or extra in advised) and not is_installed(package):
            return f"missing: {package} (pip install 'dagc-compiler[{extra}]')"
    return None
