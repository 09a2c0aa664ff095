"""The C compiler: finding one, and turning a kernel's text into a shared library, the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from compile.backend import Missing
from compile.c.record import KERNEL_SO
from compile.c.target import target_flags
from compile.cache import alone, cached, key_of, store
from compile.tool_processes import run_tool

SOURCES = ("kernel.c", "batch.c", "entry.c")
HEADER = "kernel.h"

#: Why each flag is there; every one either keeps the bits or does not touch them.
FLAGS: Mapping[str, str] = {
    "-std=c99": "the language of the text; no GNU mode, whose default contracts a * b + c",
    "-O2": "no -O3: nothing is left for it to find in a straight line; -O1 for batch.c and for a file of more than LARGE bytes",
    "-ffp-contract=off": "a * b + c rounds twice, as written; with a fused multiply-add it would round once",
    "-fno-math-errno": "sqrt of a negative number is the instruction's NaN and no call into libm",
    "-fPIC": "a shared library",
    "-Wno-psabi": "vectors are never passed between functions that are not inlined",
}
#: What is compiled with -O1 whatever its size: it spells its vectors out, so -O2 finds nothing and takes twice as long.
SPELT_OUT = frozenset(("batch.c",))
#: A file of more bytes than this, some 4,000 nodes, is compiled with -O1: gcc's time at -O2 grows much faster than the text.
LARGE = 600_000
LINK_FLAGS: Mapping[str, str] = {
    "-shared": "a shared library",
    "-Wl,-Bsymbolic": "the library calls its own functions, even in a host that has another kernel of that name",
    "-Wl,--build-id=none": "the same text gives the same file",
}
_CANDIDATES = ("cc", "gcc", "clang")
_FIX = "sudo apt-get install gcc   (or set CC to a GCC or Clang that is installed)"


@dataclass(frozen=True, slots=True)
class Compiler:
    """A C compiler: the command that starts it, the first line of its --version, and a digest of the program itself."""

    command: tuple[str, ...]
    version: str
    program: str = ""

    @property
    def identity(self) -> tuple[str, ...]:
        """What its output depends on: another wrapper or other flags under the same name are another compiler."""
        return (*self.command, self.version, self.program)


class CompilerFailed(Exception):
    """The compiler did not accept a kernel's text; the message holds what it said."""


def find_compiler() -> Compiler | Missing:
    """The first that is installed of `$CC`, cc, gcc and clang."""
    chosen = os.environ.get("CC", "").strip()
    for candidate in (chosen,) if chosen else _CANDIDATES:
        command = tuple(shlex.split(candidate))
        if shutil.which(command[0]):
            return _identified(command)
    return Missing(f"a C compiler ({chosen or ', '.join(_CANDIDATES)})", _FIX)


@cache
def _identified(command: tuple[str, ...]) -> Compiler:
    answer = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
    found = shutil.which(command[0])
    program = hashlib.sha256(Path(found).read_bytes()).hexdigest() if found else ""
    return Compiler(command, answer.stdout.split("\n", 1)[0], program)


def compile_shared(
    files: Mapping[str, bytes], target: str, compiler: Compiler, extra_flags: tuple[str, ...] = ()
) -> bytes:
    """The shared library made of the C files in `files`, from the cache where these very bytes were compiled before.

    Raises CompilerFailed with the compiler's own words, KeyError when a file is missing.
    """
    flags = (*flags_for(target), *extra_flags)
    texts = {name: files[name] for name in (HEADER, *SOURCES)}
    words = (*compiler.identity, *flags, *LINK_FLAGS, *sorted(SPELT_OUT), str(LARGE))
    key = key_of("c", *words, *(part for text in sorted(texts.items()) for part in text))
    with alone(key):
        library = cached(key)
        if library is None:
            library = _compiled(texts, compiler.command, flags)
            store(key, library)
    return library


def compiled_afresh(files: Mapping[str, bytes], target: str, compiler: Compiler) -> bytes:
    """As `compile_shared`, by the compiler itself, whatever was kept of earlier runs."""
    return _compiled({name: files[name] for name in (HEADER, *SOURCES)}, compiler.command, flags_for(target))


def flags_for(target: str) -> tuple[str, ...]:
    """The flags with which every source is compiled for `target`."""
    return (*FLAGS, *target_flags(target))


def _compiled(texts: Mapping[str, bytes], command: tuple[str, ...], flags: tuple[str, ...]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="dagc-c-") as folder:
        for name, text in texts.items():
            (Path(folder) / name).write_bytes(text)
        # Relative names, so that no path of this machine gets into the library. The sources take the compiler seconds in
        # a large graph, so they are compiled side by side.
        objects = [f"{Path(source).stem}.o" for source in SOURCES]
        with ThreadPoolExecutor() as pool:
            compiled = [
                pool.submit(_run, (*command, *flags, *_level(source, texts[source]), "-c", source, "-o", made), folder)
                for source, made in zip(SOURCES, objects, strict=True)
            ]
            for done in compiled:
                done.result()
        _run((*command, *flags, *LINK_FLAGS, *objects, "-o", KERNEL_SO), folder)
        return (Path(folder) / KERNEL_SO).read_bytes()


def _level(source: str, text: bytes) -> tuple[str, ...]:
    """What is said after the flags, the last -O being the one that counts."""
    return ("-O1",) if source in SPELT_OUT or len(text) > LARGE else ()


def _run(command: tuple[str, ...], folder: str) -> None:
    done = run_tool(command, Path(folder))
    if done.returncode != 0:
        said = "\n".join(done.stderr.strip().splitlines()[:20])
        fix = "the compiler is the first of $CC, cc, gcc and clang; `dagc doctor` tries it"
        raise CompilerFailed(f"{shlex.join(command)} failed with exit code {done.returncode}:\n{said}\n  fix  {fix}")
