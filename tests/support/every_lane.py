"""Every lane of the library and every lane of an example, as a user names them: `FILE.py:LANE`."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import lanes
from dag.files.loading import load_module
from dag.language.lane import Lane

ROOT = Path(__file__).parents[2]


def library() -> list[str]:
    """The lanes of `lanes`, each where it is defined."""
    modules = [importlib.import_module(each.name) for each in pkgutil.walk_packages(lanes.__path__, "lanes.")]
    return [
        f"{Path(str(module.__file__)).relative_to(ROOT)}:{name}"
        for module in modules
        for name, each in vars(module).items()
        if isinstance(each, Lane) and each.function.__module__ == module.__name__
    ]


def examples() -> list[str]:
    """The lanes that the examples define; what they import from each other or from the library is found there."""
    found: list[str] = []
    for path in sorted((ROOT / "examples").glob("*.py")):
        if "@lane" in path.read_text(encoding="utf-8"):
            module = load_module(str(path))
            found += [
                f"{path.relative_to(ROOT)}:{name}"
                for name, each in vars(module).items()
                if isinstance(each, Lane) and Path(each.function.__code__.co_filename).resolve() == path
            ]
    return found
