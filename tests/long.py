"""Everything there is to run: `make long`, which is `python -m tests.long [STEP ...]`.

The steps run one after the other, each on two processes where it can. What a step prints goes to `build/long/VERSION/STEP.txt`, where
VERSION stands for the bytes of every source, test and example: the same command resumes where it was stopped, and a change of any
source begins again. A step that fails does not stop the others. Ends with a line for each step; exits with 1 where one failed.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from dagc.checking.sources import sources_digest

ROOT = Path(__file__).parents[1]


def steps(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """The name of each step and the arguments of its Python; what it keeps to resume from goes into `folder`."""
    return {
        "suite": ("-m", "pytest", "-n", "2", "--dist", "worksteal", "--tier", "long"),
        "mutants": ("-m", "tests.mutation", "--json", f"{folder}/mutants.json", "--resume", "--simulate"),
        "builds": ("-m", "tests.build_everything", "--journal", f"{folder}/builds.journal"),
        "lanes": ("-m", "tests.lanes.campaign", "--rows", "1000000", "--journal", f"{folder}/lanes"),
        "fuzz": ("-m", "dagc", "fuzz", "--graphs", "1000", "--programs", "1000", "--out", f"{folder}/fuzz"),
        "operators": ("-m", "dagc.operators"),
        "rewrites": ("-m", "compile.rewrites.prove"),
        "cores": ("-m", "rtl.evidence.core_proofs"),
    }


def version() -> str:
    """A digest of everything a step depends on."""
    digest = hashlib.sha256(sources_digest())
    for folder in ("tests", "examples", "docs"):
        for path in sorted(path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc"):
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def run(name: str, arguments: Sequence[str], folder: Path) -> tuple[str, float]:
    """How the step ended ("passed", "failed", or "passed in an earlier run"), and its wall seconds."""
    passed = folder / f"{name}.passed"
    if passed.exists():
        return "passed in an earlier run", float(passed.read_text(encoding="utf-8"))
    began = time.monotonic()
    with (folder / f"{name}.txt").open("w", encoding="utf-8") as log:
        code = subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT).returncode
    seconds = time.monotonic() - began
    if code:
        return f"failed with exit code {code}", seconds
    passed.write_text(f"{seconds}\n", encoding="utf-8")
    return "passed", seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line names."""
    folder = ROOT / "build" / "long" / version()
    folder.mkdir(parents=True, exist_ok=True)
    commands = steps(folder)
    parser = argparse.ArgumentParser(prog="python -m tests.long", description=__doc__)
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"of {', '.join(commands)}; all without")
    chosen = parser.parse_args(arguments).steps or [*commands]
    if unknown := {*chosen} - {*commands}:
        parser.error(f"no step is called {', '.join(sorted(unknown))}; there are {', '.join(commands)}")
    lines: list[str] = []
    for name in chosen:
        print(f"{name}: python {' '.join(commands[name])}\n  log  {folder.relative_to(ROOT)}/{name}.txt", flush=True)
        outcome, seconds = run(name, commands[name], folder)
        lines.append(f"{name:10} {seconds / 60:7.1f} min  {outcome}")
        print(f"  {outcome}", flush=True)
    report = "\n".join(lines)
    (folder / "report.txt").write_text(f"{report}\n", encoding="utf-8")
    print(f"\n{report}")
    return int("failed" in report)


if __name__ == "__main__":
    raise SystemExit(main())
