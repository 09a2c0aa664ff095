"""The record of a population: a line a fact, each with the hash of those before it, so that nothing in it can be changed unseen.

A line is JSON: its facts, and `hash`, the SHA-256 of the hash before it and of the facts as canonical JSON. A torn last line, which
a kill leaves behind, is dropped. A resumed run writes again what it had written after its checkpoint, and each line must be the
same: a difference is refused by the line's number.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from compile.bundle.bundle import canonical_json
from dagc.vibriss.problem import PopulationProblem

RECORD = "record.jsonl"
_START = "0" * 64


def chained(before: str, facts: Mapping[str, Any]) -> str:
    """The hash of a line after the one whose hash is `before`."""
    return hashlib.sha256(bytes.fromhex(before) + canonical_json(facts)).hexdigest()


def read_record(path: Path) -> list[dict[str, Any]]:
    """The lines of a record, each without its hash, found to be chained. Raises PopulationProblem for one that is damaged."""
    try:
        text = path.read_bytes()
    except OSError as problem:
        raise PopulationProblem(f"{path}: {problem.strerror}: no population was recorded there") from None
    lines = text.split(b"\n")[:-1]  # what follows the last newline is torn
    found: list[dict[str, Any]] = []
    before = _START
    for number, line in enumerate(lines, 1):
        try:
            facts = json.loads(line)
            said = facts.pop("hash")
            facts["kind"]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise _damaged(path, number, "it is no line of a record") from None
        before = chained(before, facts)
        if said != before:
            raise _damaged(path, number, "its hash is another: it, or a line before it, was changed")
        found.append(facts)
    if not found or found[0]["kind"] != "header":
        raise _damaged(path, 1, "it has no header")
    return found


def _damaged(path: Path, number: int, why: str) -> PopulationProblem:
    return PopulationProblem(
        f"{path}:{number}: the record is damaged: {why}\n  fix  take the record from a copy, or run again"
    )


class Writer:
    """Appends to a record. Lines that are `expected` are there already: what is written must be them."""

    def __init__(self, path: Path | None, kept: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
        """Go on after the lines that are `kept`; with no `path` nothing is written, only compared."""
        self._before = _START
        for facts in kept:
            self._before = chained(self._before, facts)
        self._number = len(kept)
        self._expected = list(reversed(expected))
        self._path = path
        self._stream = None if path is None else path.open("ab")
        if path is not None and self._stream is not None:
            whole = path.read_bytes().rfind(b"\n") + 1
            os.ftruncate(self._stream.fileno(), whole)  # the torn line

    @property
    def left(self) -> int:
        """How many expected lines were not written yet."""
        return len(self._expected)

    def write(self, kind: str, **facts: Any) -> None:
        """Append a line. Raises PopulationProblem where another was expected."""
        line = {"kind": kind, **facts}
        self._number += 1
        self._before = chained(self._before, line)
        if self._expected:
            wanted = self._expected.pop()
            if wanted != line:
                where = f"bar {line['bar']}" if "bar" in line else kind
                keys = [key for key in {**wanted, **line} if wanted.get(key) != line.get(key)]
                raise PopulationProblem(
                    f"line {self._number} of the record ({where}) is computed otherwise here\n"
                    + "".join(
                        f"  {key}: recorded {wanted.get(key)!r}, computed {line.get(key)!r}\n" for key in keys[:4]
                    )
                    + "  fix  run it with the lane, the data and the dagc that the header names"
                )
            return
        if self._stream is not None:
            self._stream.write(canonical_line({**line, "hash": self._before}))

    def sync(self) -> None:
        """Wait until the disk has all lines."""
        if self._stream is not None:
            self._stream.flush()
            os.fsync(self._stream.fileno())

    def close(self) -> None:
        """Write what is buffered."""
        if self._stream is not None:
            self._stream.close()


def canonical_line(facts: Mapping[str, Any]) -> bytes:
    """One line of the file."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode() + b"\n"
