"""A population at rest: arrays in a folder, a file each, whose hashes are in the record. Never pickle."""

from __future__ import annotations

import io
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from compile.bundle.durable import flush_folder, write_durably
from dag.files.regular_file import sha256_of
from dag.values.words import Column
from dagc.vibriss.problem import PopulationProblem

#: How many of the last checkpoints are kept: one may be incomplete.
KEPT = 2


def folder_of(record: Path, bar: int) -> Path:
    """Where the checkpoint after `bar` bars is."""
    return record / f"checkpoint-{bar:012d}"


def write_checkpoint(record: Path, bar: int, arrays: Mapping[str, Column]) -> dict[str, str]:
    """Write `arrays`, whole or not at all, and return the SHA-256 of each; older checkpoints go."""
    final = folder_of(record, bar)
    fresh = final.with_name(f"{final.name}.new")
    for left in (fresh, final):
        if left.exists():
            shutil.rmtree(left)
    fresh.mkdir()
    for name, column in arrays.items():
        bytes_ = io.BytesIO()
        np.save(bytes_, np.ascontiguousarray(column), allow_pickle=False)
        write_durably(fresh / f"{name}.npy", bytes_.getvalue())
    flush_folder(fresh)
    fresh.rename(final)
    flush_folder(record)
    found = {name: sha256_of(final / f"{name}.npy") for name in arrays}
    for old in sorted(record.glob("checkpoint-*"))[:-KEPT]:
        shutil.rmtree(old)
    return found


def read_checkpoint(record: Path, bar: int, hashes: Mapping[str, str]) -> dict[str, Column]:
    """The arrays after `bar` bars. Raises PopulationProblem for a file that is missing or was changed."""
    folder = folder_of(record, bar)
    found: dict[str, Column] = {}
    for name, wanted in hashes.items():
        path = folder / f"{name}.npy"
        if not path.is_file():
            raise PopulationProblem(f"{path} is missing")
        if sha256_of(path) != wanted:
            raise PopulationProblem(f"{path} is damaged: its SHA-256 is not the one in the record")
        found[name] = np.load(path, allow_pickle=False)
    return found


def last_checkpoint(record: Path, lines: list[dict[str, object]]) -> int | None:
    """The line of the last checkpoint whose folder is there; None of none."""
    for number in reversed(range(len(lines))):
        line = lines[number]
        if line["kind"] == "checkpoint" and folder_of(record, int(str(line["bar"]))).is_dir():
            return number
    return None
