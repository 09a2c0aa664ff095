"""The folder that a replay writes: a data set of Parquet files of PART_BARS bars each, as every reader of data sets knows it.

A part is written under a name that readers leave alone, flushed, and renamed; then the checkpoint moves on. Whenever the
process dies, the parts up to the checkpoint are whole, and one part after it may be there already: going on writes the same
bars into the same name again. So no bar is lost and none is there twice.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow
from pyarrow import parquet

from compile.bundle.durable import flush_file, flush_folder
from dag.diagnostics.wording import counted
from dag.files.regular_file import open_to_write
from dagc.replay.checkpoint import CHECKPOINT, CheckpointProblem
from dagc.replay.digests import BLOCK_BARS

#: Bars of one file, and so of one step of the checkpoint, at which the digests need a whole number of blocks.
PART_BARS = BLOCK_BARS
_PENDING, _LOCK = "_part.parquet", "_lock"


class Dataset:
    """The parts in one folder, which belongs to the caller alone while it is `locked`."""

    def __init__(self, folder: Path, schema: pyarrow.Schema) -> None:
        self._folder = folder
        self._schema = schema
        self._writer: parquet.ParquetWriter | None = None

    def write(self, table: pyarrow.Table) -> None:
        """Add rows to the part that is being written, as a row group. Raises CheckpointProblem where the disk refuses."""
        with self._written():
            if self._writer is None:
                # Dictionaries pay where values repeat, which floats rarely do.
                repeating: Any = [field.name for field in self._schema if not pyarrow.types.is_floating(field.type)]
                self._writer = parquet.ParquetWriter(self._folder / _PENDING, self._schema, use_dictionary=repeating)
            self._writer.write_table(table, row_group_size=max(table.num_rows, 1))

    def finish_part(self, number: int) -> None:
        """Make what was written part `number`, durably. Raises CheckpointProblem where the disk refuses."""
        if self._writer is None:
            return
        with self._written():
            self._writer.close()
            self._writer = None
            flush_file(self._folder / _PENDING)
            (self._folder / _PENDING).replace(part_path(self._folder, number))
            flush_folder(self._folder)

    @contextmanager
    def _written(self) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            reason = problem.strerror or problem
            raise CheckpointProblem(
                f"{self._folder} cannot be written: {reason}\n  fix  the same command resumes where it stopped"
            ) from problem

    def check_parts(self, bars: int) -> None:
        """Raise CheckpointProblem unless the parts hold the first `bars` bars."""
        for number in range(parts_of(bars)):
            path, expected = part_path(self._folder, number), min(PART_BARS, bars - number * PART_BARS)
            try:
                rows = parquet.read_metadata(path).num_rows
            except (OSError, pyarrow.ArrowException) as problem:
                raise CheckpointProblem(f"{path} is missing or damaged: {problem}{_fix()}") from None
            if rows != expected:
                raise CheckpointProblem(f"{path} holds {counted(rows, 'row')}, expected {expected:,}{_fix()}")


def parts_of(bars: int) -> int:
    """How many parts hold `bars` bars."""
    return -(-bars // PART_BARS)


def part_path(folder: Path, number: int) -> Path:
    """The file of part `number`; sorted by name they are in order."""
    return folder / f"part-{number:08d}.parquet"


@contextmanager
def locked(folder: Path, fresh: bool) -> Iterator[None]:
    """Make `folder`, and refuse one of another replay; with `fresh`, empty it of a replay.

    Raises CheckpointProblem when it holds something else, or when somebody else writes it.
    """
    if folder.exists() and not folder.is_dir():
        raise CheckpointProblem(
            f"{folder} is a file: a replay is written to a folder of Parquet files\n  fix  -o a folder"
        )
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / CHECKPOINT).exists() and any(not path.name.startswith("_") for path in folder.iterdir()):
        raise CheckpointProblem(
            f"{folder} holds something that is not a replay; it is left alone: choose another with -o"
        )
    with open_to_write(folder / _LOCK) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CheckpointProblem(f"{folder} is being written by another replay") from None
        if fresh:
            for path in [*sorted(folder.glob("part-*.parquet")), folder / CHECKPOINT]:
                path.unlink(missing_ok=True)
        yield


def _fix() -> str:
    return "\n  fix  --fresh writes all parts from the beginning"
