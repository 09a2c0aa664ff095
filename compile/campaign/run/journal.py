"""What a long run has done so far, in a file that survives being killed: a line a step, on disk before the next one counts.

The first line is the key of the run. A journal whose key is another run's, or that a run has ended, is begun anew; a last
line that was torn is not there.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dag.files.regular_file import read_regular

Step = dict[str, Any]


@dataclass(slots=True)
class Journal:
    """The steps of one run, by number, in the order in which they ended."""

    path: Path
    key: str
    steps: dict[int, Step] = field(default_factory=dict[int, Step])

    @classmethod
    def opened(cls, path: Path, key: str) -> Journal:
        """The journal at `path` as far as the run `key` got; an empty one where it got nowhere, or to its end."""
        journal = cls(path, key)
        kept = _whole_lines(path)
        records = _records(kept)
        if records and records[0].get("key") == key and not any("ended" in record for record in records):
            journal.steps = {record["step"]: record for record in records[1:]}
            # What follows the last whole line goes, so that the next one begins at its own.
            with path.open("r+b") as file:
                file.truncate(len(kept))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")
            journal._append({"key": key})
        return journal

    def add(self, number: int, step: Step) -> None:
        """Record that step `number` is done; on disk when this returns."""
        record = {"step": number, **step}
        self._append(record)
        self.steps[number] = record

    def end(self) -> None:
        """Say that the run is over: nothing is left to go on with."""
        self._append({"ended": True})

    def _append(self, record: Step) -> None:
        with self.path.open("ab") as file:
            file.write(json.dumps(record, separators=(",", ":")).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _whole_lines(path: Path) -> bytes:
    try:
        content = read_regular(path)
    except FileNotFoundError:
        return b""
    return content[: content.rfind(b"\n") + 1]


def _records(lines: bytes) -> list[Step]:
    """The records; none where a line is no record, because then the file is no journal."""
    try:
        records = [json.loads(line) for line in lines.splitlines()]
    except ValueError:
        return []
    return records if all(isinstance(record, dict) for record in records) else []
