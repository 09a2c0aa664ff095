"""From the import of this module on, modules of dagc are compiled and run in the standard environment, whatever their importer's is.

A literal is read, and a constant computed, in the environment of the thread that compiles it; the cache keeps that for every process.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from dag.values.floating_point import standard

HOME = Path(__file__).resolve().parents[2]


class StandardLoader(SourceFileLoader):
    """Compiles and runs a module in the standard environment: its literals are the numbers that they say, also in the cache that
    other processes read.
    """

    def get_code(self, fullname: str) -> CodeType | None:
        """Read from the cache, or compiled and cached."""
        with standard():
            return super().get_code(fullname)

    def exec_module(self, module: ModuleType) -> None:
        """Run the module."""
        with standard():
            super().exec_module(module)


class _OurPackages(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package = fullname.partition(".")[0]
        if package not in ("dag", "lanes", "compile", "rtl", "dagc"):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or type(spec.loader) is not SourceFileLoader or not _is_in(spec.loader.path, package):
            return None  # a user's file of the same name: whoever finds it otherwise may have it
        spec.loader = StandardLoader(spec.loader.name, spec.loader.path)
        return spec


def _is_in(path: str, package: str) -> bool:
    return Path(path).resolve().is_relative_to(HOME / package)


sys.meta_path.insert(0, _OurPackages())
