"""Icarus Verilog, where it is installed: a second, independent reader of the emitted Verilog."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from compile.backend import Missing

_FIX = "sudo apt-get install iverilog   (optional: only the self-checking bench needs it)"


class IcarusFailed(Exception):
    """Icarus did not accept a design, or is not installed; the message holds what it said."""


def missing() -> Missing | None:
    """Icarus, where it is not installed."""
    return None if shutil.which("iverilog") and shutil.which("vvp") else Missing("iverilog", _FIX)


def run_bench(sources: Mapping[str, str | bytes], top: str, defines: Sequence[str] = (), seconds: float = 600.0) -> str:
    """What the bench `top` prints. `sources`, file name -> text, may hold data files too; those ending in .v are compiled.

    The bench runs in a folder that holds them all, so it can `$readmemh` its vectors by name.
    Raises IcarusFailed when Icarus is missing, reports an error or a warning, or does not finish in `seconds`.
    """
    if (absent := missing()) is not None:
        raise IcarusFailed(f"{absent.tool} is missing\n  fix  {absent.fix}")
    with tempfile.TemporaryDirectory(prefix="dagc-icarus-") as name:
        folder = Path(name)
        for file, text in sources.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(text.encode() if isinstance(text, str) else text)
        verilog = [file for file in sources if file.endswith(".v")]
        macros = [f"-D{macro}" for macro in defines]
        _done(
            ["iverilog", "-g2005", "-Wall", "-Wno-timescale", *macros, "-s", top, "-o", "bench.vvp", *verilog],
            folder,
            seconds,
            quiet=True,
        )
        return _done(["vvp", "-n", "bench.vvp"], folder, seconds, quiet=False)


def _done(command: list[str], folder: Path, seconds: float, quiet: bool) -> str:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise IcarusFailed(f"{command[0]} did not finish in {seconds:g} s") from None
    if done.returncode != 0 or (quiet and done.stderr.strip()):
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[:30])
        raise IcarusFailed(f"{command[0]} said (exit code {done.returncode}):\n{said}")
    return done.stdout
