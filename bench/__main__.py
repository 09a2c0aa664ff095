"""Every benchmark with its default arguments, one after the other: `python -m bench [NAME ...] [--out FILE]`.

Writes a page (`build/performance.md`) with the machine, the tools and what each script printed; its times mean something only where
nothing else ran. Each script runs in a process of its own, and a missing tool or a difference in bits, which ends a script with another
exit code than 0, is written down too. Exits with 1 where a script did not end with 0.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from compile.backend import Missing
from compile.c.compiler import find_compiler

ROOT = Path(__file__).parents[1]
EXAMPLE = "examples/five_factor.py:five_factor"


def scripts() -> dict[str, str]:
    """The modules of this folder that can be run, each with the first line of its docstring."""
    found: dict[str, str] = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if path.stem != "__main__" and "def main(" in text:
            found[path.stem] = text.removeprefix('"""').split("\n", 1)[0]
    return found


def machine() -> str:
    """What the numbers depend on."""
    compiler = find_compiler()
    said = "no C compiler" if isinstance(compiler, Missing) else compiler.version
    tools = ", ".join(f"{package} {version(package)}" for package in ("jaxlib", "numpy"))
    return f"{_processor()}, {os.cpu_count()} cores; {platform.system()}; Python {platform.python_version()}; {said}; {tools}"


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def section(name: str, title: str, arguments: Sequence[str]) -> tuple[str, int]:
    """What the script printed, as a section of the page, and its exit code."""
    command = [sys.executable, "-m", f"bench.{name}", *arguments]
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    ended = f"Exit code {done.returncode} after {time.monotonic() - began:.0f} s."
    return f"## {name}\n\n{title}\n\n```\n{done.stdout.rstrip()}\n```\n\n{ended}\n", done.returncode


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line names."""
    titles = scripts()
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(titles)}; all without")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "performance.md", metavar="FILE")
    chosen = parser.parse_args(arguments)
    if unknown := {*chosen.names} - {*titles}:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(titles)}")
    codes: dict[str, int] = {}
    pages = [f"# Performance\n\nWhat `make bench` printed on {time.strftime('%Y-%m-%d')}: {machine()}.\n"]
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen.names or titles:
            page, codes[name] = section(name, titles[name], [_bundle(Path(folder))] if name == "replay" else [])
            pages.append(page)
            chosen.out.write_text("\n".join(pages), encoding="utf-8")
            print(f"{codes[name]} {name}", flush=True)
    print(f"wrote {chosen.out}")
    return int(any(codes.values()))


def _bundle(folder: Path) -> str:
    """The bundle that `bench.replay` replays."""
    command = [sys.executable, "-m", "dagc", "build", EXAMPLE, "-o", f"{folder}/bundle"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return f"{folder}/bundle"


if __name__ == "__main__":
    raise SystemExit(main())
