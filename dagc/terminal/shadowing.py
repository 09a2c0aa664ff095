"""Our packages have plain names. A file or folder of the user's with one of them (`lanes.py`, say) stands first on Python's path and
would be imported in its place; ours are found first."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

PACKAGES = ("dag", "lanes", "compile", "rtl")
HOME = Path(__file__).resolve().parents[2]


class _OursFirst:
    """What `sys.meta_path` asks first: our packages are those beside `dagc`."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of a package of ours; None for every other module."""
        return PathFinder.find_spec(name, [str(HOME)], target) if name in PACKAGES else None


def find_ours_first() -> None:
    """From now on a name of a package of ours is ours, whatever stands first on the path."""
    if not any(type(finder).__name__ == _OursFirst.__name__ for finder in sys.meta_path):
        sys.meta_path.insert(0, _OursFirst())


def passed_over() -> dict[str, str]:
    """Package of ours -> the place on the path that has its name too, and that is not imported."""
    found: dict[str, str] = {}
    for package in PACKAGES:
        spec = PathFinder.find_spec(package)
        if spec is not None and spec.origin is not None and not _is_ours(package, spec):
            found[package] = spec.origin
    return found


def hidden_packages() -> dict[str, str]:
    """Package of ours -> what is imported under its name instead; empty when all four are ours."""
    hidden: dict[str, str] = {}
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is None:
            hidden[package] = "nothing: it is not installed"
        elif not _is_ours(package, spec):
            hidden[package] = str(spec.origin or next(iter(spec.submodule_search_locations or ()), "unknown"))
    return hidden


def _is_ours(package: str, spec: ModuleSpec) -> bool:
    return spec.origin is not None and Path(spec.origin).resolve().parent == HOME / package


def refuse_hidden_packages() -> None:
    """Raise ImportError naming every package of ours whose name was imported from elsewhere before, and the way out."""
    find_ours_first()
    hidden = hidden_packages()
    if hidden:
        lines = [f"  `{package}` is {place}, dagc's is {HOME / package}" for package, place in hidden.items()]
        raise ImportError(
            "\n".join(
                [
                    "something with the name of a package of dagc was imported before it:",
                    *lines,
                    "  fix: rename that folder or file, or import dagc first",
                ]
            )
        )
