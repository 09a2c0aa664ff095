"""The C++ compiler that turns a Verilated model into a library."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

from compile.backend import Missing

_CANDIDATES = ("c++", "g++", "clang++")
_FIX = "sudo apt-get install g++   (or set CXX to a GCC or Clang that is installed)"


@dataclass(frozen=True, slots=True)
class CxxCompiler:
    """A C++ compiler: the command that starts it and the first line of its --version."""

    command: tuple[str, ...]
    version: str


def find_cxx() -> CxxCompiler | Missing:
    """The first that is installed of `$CXX`, c++, g++ and clang++."""
    chosen = os.environ.get("CXX", "").strip()
    for candidate in (chosen,) if chosen else _CANDIDATES:
        command = tuple(shlex.split(candidate))
        if shutil.which(command[0]):
            return _identified(command)
    return Missing(f"a C++ compiler ({chosen or ', '.join(_CANDIDATES)})", _FIX)


@cache
def _identified(command: tuple[str, ...]) -> CxxCompiler:
    answer = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
    return CxxCompiler(command, answer.stdout.split("\n", 1)[0])
