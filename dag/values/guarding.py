"""From the import of this module on, modules of dagc are compiled and run in the standard environment, whatever their importer's is.

A literal is read, and a constant computed, in the environment of the thread that compiles it; the cache keeps that for every process.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType

from dag.values.floating_point import standard


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
        if fullname.partition(".")[0] not in ("dag", "lanes", "compile", "rtl", "dagc"):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = StandardLoader(spec.loader.name, spec.loader.path)
        return spec


sys.meta_path.insert(0, _OurPackages())
