"""Every lane of the library and of the examples, built with default options and verified: the whole of `dagc build`, for each.

    python -m tests.build_everything [FILE.py:LANE ...] [--rows N] [--journal FILE]

A line for each: how long it took, what was left out, what was not shown. The journal keeps what went well, so the same command goes
on where it stopped. Ends with 1 where a build or its verification does not exit with 0.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dagc.checking.sources import sources_digest
from tests.support.every_lane import ROOT, examples, library


def build_and_verify(target: str, rows: int) -> tuple[int, str]:
    """The worse exit code of the two commands, and what they said that is worth a line. In processes of their own: XLA keeps what
    it compiled for as long as a process lives.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "dagc"]
        built = subprocess.run(
            [*command, "build", target, "-o", f"{folder}/out", "--rows", str(rows)],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if built.returncode:
            return built.returncode, built.stdout + built.stderr
        verified = subprocess.run(
            [*command, "verify", f"{folder}/out"],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        lines = built.stdout.splitlines()
        said = [line.strip() for line in lines if "left out:" in line or "not followed" in line]
        return verified.returncode, "; ".join(said) if not verified.returncode else verified.stdout + verified.stderr


def main() -> int:
    """Build what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.build_everything", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="FILE.py:LANE", help="what to build; everything without")
    parser.add_argument("--rows", type=int, default=256, help="rows of each campaign (256)")
    parser.add_argument("--journal", type=Path, default=Path("build/everything.txt"), metavar="FILE")
    asked = parser.parse_args()
    version = sources_digest().hex()[:16]
    asked.journal.parent.mkdir(parents=True, exist_ok=True)
    done = {*asked.journal.read_text().splitlines()} if asked.journal.exists() else set[str]()
    failed = 0
    for target in asked.targets or [*examples(), *library()]:
        if f"{version} {target}" in done:
            continue
        began = time.monotonic()
        code, said = build_and_verify(target, asked.rows)
        failed += code != 0
        print(f"{code} {target:<60} {time.monotonic() - began:6.1f} s  {said}", flush=True)
        if not code:
            with asked.journal.open("a", encoding="utf-8") as journal:
                journal.write(f"{version} {target}\n")
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
