"""The machine code inside a compiled kernel."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest

#: x86: vfmadd231pd, vfnmsub..., vrcp14pd, vrsqrt14pd, and x87, which rounds to 64 bits; Arm: fmadd, fmla, frecpe, frsqrte.
FORBIDDEN = re.compile(
    r"\s(v?fn?m(?:add|sub|la|ls)\w*|v?rcp\w*|v?rsqrt\w*|frecp\w*|frsqrt\w*"
    r"|fld\w*|fstp\w*|fi(?:ld|stp?|add|mul|subr?|divr?)\w*|f(?:add|mul|subr?|divr?)p)\s"
)
PRODUCT = re.compile(r"\s(?:mul[ps]d|vmul[ps]d|fmul)\s")

needs_objdump = pytest.mark.skipif(
    shutil.which("objdump") is None, reason="objdump is not installed (package binutils): machine code cannot be read"
)


def disassembled(executable: Any, folder: Path) -> str:
    """The disassembly of every object file inside what `compile.xla.program.compiled` returned; `folder` keeps them."""
    image: bytes = executable.runtime_executable().serialize()
    text = ""
    for start in (match.start() for match in re.finditer(b"\x7fELF\x02\x01", image)):
        (sections,) = struct.unpack_from("<Q", image, start + 0x28)
        size, count = struct.unpack_from("<HH", image, start + 0x3A)
        path = folder / f"{start}.o"
        path.write_bytes(image[start : start + sections + size * count])
        text += subprocess.run(["objdump", "-d", path], capture_output=True, text=True, check=True).stdout
    return text
