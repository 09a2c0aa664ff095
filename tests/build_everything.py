"""Every lane of the library and of the examples, built with default options and verified: all of `dagc build`, for each.

    python -m tests.build_everything [FILE.py:LANE ...] [--jobs 2] [--rows N] [--journal FILE]

Prints a line for each: the exit code, how long it took, what was left out and what could not be shown. The journal keeps what went
well and the same sources need not do again, so that the same command resumes where it was stopped. Ends with the failures, each with
its output, and exits with 1 where a build or its verification does not exit with 0.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from dagc.checking.sources import sources_digest
from tests.support.every_lane import ROOT, examples, library


@dataclass(frozen=True, slots=True)
class Build:
    """A lane that was built and verified: the worse exit code of both, wall seconds, and what is worth a line or a page."""

    target: str
    code: int
    seconds: float
    remarks: str

    def line(self) -> str:
        """One line of the report; the whole output of a failure stands at its end."""
        return f"{self.code} {self.target:<60} {self.seconds:6.1f} s  {'failed' if self.code else self.remarks}"


def build_and_verify(target: str, options: Sequence[str]) -> Build:
    """Build `target` and verify the bundle, in processes of their own: XLA keeps what it compiled for as long as a process lives."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        done = _dagc("build", target, "-o", f"{folder}/out", *options)
        lines = [line.strip() for line in done.stdout.splitlines()]
        remarks = "; ".join(line for line in lines if "left out:" in line or "not followed" in line)
        if not done.returncode:
            done = _dagc("verify", f"{folder}/out")
    if done.returncode:
        remarks = done.stdout + done.stderr
    return Build(target, done.returncode, time.monotonic() - began, remarks)


def _dagc(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "dagc", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _version() -> str:
    """What the bundles are made of: dagc, the library and the examples, to the byte."""
    digest = hashlib.sha256(sources_digest())
    for path in sorted((ROOT / "examples").glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def main(arguments: Sequence[str] | None = None) -> int:
    """Build what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.build_everything", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="FILE.py:LANE", help="what to build; everything without")
    parser.add_argument("--jobs", type=int, default=2, help="builds at a time (2)")
    parser.add_argument("--rows", type=int, help="rows of each campaign; without, as many as `dagc build` takes")
    parser.add_argument("--journal", type=Path, default=Path("build/everything.txt"), metavar="FILE")
    chosen = parser.parse_args(arguments)
    options = () if chosen.rows is None else ("--rows", str(chosen.rows))
    version = " ".join((_version(), *options))
    chosen.journal.parent.mkdir(parents=True, exist_ok=True)
    known = {*chosen.journal.read_text(encoding="utf-8").splitlines()} if chosen.journal.exists() else set[str]()
    wanted = chosen.targets or [*examples(), *library()]
    left = [target for target in wanted if f"{version} {target}" not in known]
    failures: list[Build] = []
    with ThreadPoolExecutor(chosen.jobs) as pool, chosen.journal.open("a", encoding="utf-8") as journal:
        for done in as_completed([pool.submit(build_and_verify, target, options) for target in left]):
            build = done.result()
            print(build.line(), flush=True)
            if build.code:
                failures.append(build)
            else:
                print(f"{version} {build.target}", file=journal, flush=True)
    for failure in failures:
        print(f"\n{failure.target} exited with {failure.code}:\n{failure.remarks}")
    print(
        f"\n{len(wanted)} lanes: {len(left) - len(failures)} built and verified, {len(wanted) - len(left)} unchanged since an earlier run, {len(failures)} failed"
    )
    return int(bool(failures))


if __name__ == "__main__":
    raise SystemExit(main())
