"""Machine code searched for instructions that round otherwise than the text that was compiled: the last step, which is not read back.

What XLA makes of its optimised HLO, and the C compiler of kernel.c and batch.c, is trusted but for this: neither may hold a
fused multiply-add (a * b + c rounded once), an estimate of a reciprocal or of a reciprocal root, or x87 arithmetic, which
rounds to 64 bits. The lowerings leave the compilers no reason for one; `fma` itself is computed in integers. Needs objdump.
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from compile.proof.core.verdict import Unproved

#: x86: vfmadd231pd, vfnmsub..., vrcp14pd, vrsqrt14pd, x87; Arm: fmadd, fmla, frecpe, frsqrte.
_FORBIDDEN = re.compile(
    r"(v?fn?m(?:add|sub|la|ls)\w*|v?rcp\w*|v?rsqrt\w*|frecp\w*|frsqrt\w*"
    r"|fld\w*|fstp\w*|fi(?:ld|stp?|add|mul|subr?|divr?)\w*|f(?:add|mul|subr?|divr?)p)"
)
#: x86: `add`, `mul`, `div`, `sqrt` of binary64; Arm: fadd, fmul, fdiv, fsqrt.
_ROUNDING = re.compile(r"(v?(?:add|sub|mul|div|sqrt)[ps]d|f(?:add|sub|mul|div|sqrt))")
_LINE = re.compile(r"^\s*([0-9a-f]+):\s+(\S+)(.*)$")
_FUNCTION = re.compile(r"^[0-9a-f]+ <(.*)>:$")


@dataclass(frozen=True, slots=True)
class ForbiddenInstruction:
    """A forbidden instruction: the function it is in, its address there, and what it does."""

    function: str
    address: int
    instruction: str

    @property
    def why(self) -> str:
        """What it does to a result."""
        name = self.instruction.split()[0]
        if re.match(r"v?fn?m", name):
            return "rounds a product and a sum once"
        return "estimates a reciprocal" if re.match(r"v?rcp|v?rsqrt|frecp|frsqrt", name) else "rounds to 64 bits"


@dataclass(frozen=True, slots=True)
class Scan:
    """What was searched: how many instructions, how many of them round in binary64, and what is forbidden."""

    instructions: int
    roundings: int
    forbidden: tuple[ForbiddenInstruction, ...]


def missing() -> str | None:
    """What to install where the machine code cannot be searched, or None."""
    return (
        None if shutil.which("objdump") else "objdump is not installed (package binutils): machine code cannot be read"
    )


def scan(images: Sequence[bytes]) -> Scan:
    """Search these object files or shared libraries. Raises FileNotFoundError without objdump, CalledProcessError where it
    refuses a file.
    """
    instructions = roundings = 0
    forbidden: list[ForbiddenInstruction] = []
    for image in images:
        function = ""
        for line in _disassembled(image).splitlines():
            if head := _FUNCTION.match(line):
                function = head.group(1)
            elif found := _LINE.match(line):
                address, name, rest = found.groups()
                instructions += 1
                roundings += bool(_ROUNDING.fullmatch(name))
                if _FORBIDDEN.fullmatch(name):
                    forbidden.append(ForbiddenInstruction(function, int(address, 16), f"{name}{rest}".strip()))
    return Scan(instructions, roundings, tuple(forbidden))


def images_of(whole: bytes) -> list[bytes]:
    """The object files inside what jax serialized of an executable for a CPU."""
    images: list[bytes] = []
    for start in (match.start() for match in re.finditer(b"\x7fELF\x02\x01", whole)):
        (sections,) = struct.unpack_from("<Q", whole, start + 0x28)
        size, count = struct.unpack_from("<HH", whole, start + 0x3A)
        images.append(whole[start : start + sections + size * count])
    return images


def judge_code(artifact: str, images: Sequence[bytes]) -> Scan | Unproved:
    """The search of `images`, or the finding that one holds what is forbidden, or that nothing could be searched."""
    if problem := missing():
        return Unproved(artifact, problem)
    if not images:
        return Unproved(artifact, "it holds no object file: there is nothing to search")
    try:
        found = scan(images)
    except subprocess.CalledProcessError as refusal:
        return Unproved(artifact, f"objdump refuses it: {refusal.stderr.strip()}")
    if found.forbidden:
        first = found.forbidden[0]
        place = f"{first.address:#x} in {first.function}"
        return Unproved(
            artifact, f"`{first.instruction}` at {place} {first.why}; {len(found.forbidden)} in all", place=place
        )
    return found


def _disassembled(image: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "code.o"
        path.write_bytes(image)
        command = ["objdump", "-d", "--no-show-raw-insn", str(path)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
