"""C that was written by hand, compiled as dagc compiles its own: the same compiler, the same flags, the same target."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from pathlib import Path

from compile.backend import Missing
from compile.c.compiler import FLAGS, LINK_FLAGS, find_compiler
from compile.c.target import host_target, target_flags


def by_hand(source: str) -> ctypes.CDLL:
    """The library made of `source`, a file beside this one."""
    compiler = find_compiler()
    assert not isinstance(compiler, Missing), compiler.fix
    text = Path(__file__).with_name(source)
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "by_hand.so"
        flags = (*FLAGS, *target_flags(host_target()), *LINK_FLAGS)
        subprocess.run([*compiler.command, *flags, str(text), "-o", str(library), "-lm"], check=True)
        return ctypes.CDLL(str(library))
