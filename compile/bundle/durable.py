"""Files that are there after a crash, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from dag.files.regular_file import open_to_write


def write_durably(path: Path, data: bytes) -> None:
    """Write `data` to `path` and wait until the disk has it. The name itself is on disk after `flush_folder`."""
    with open_to_write(path) as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def flush_folder(folder: Path) -> None:
    """Wait until the disk has the names in `folder`."""
    flush_file(folder)


def flush_file(path: Path) -> None:
    """Wait until the disk has what was written to `path`, by whomever."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_durably(path: Path, data: bytes) -> None:
    """Make `path` hold `data`: whoever reads it, after a crash too, finds the old bytes or the new, never a part of them.

    For one writer at a time: the new bytes are put beside it first, under the name with `.new` behind.
    """
    fresh = path.with_name(f"{path.name}.new")
    write_durably(fresh, data)
    fresh.replace(path)
    flush_folder(path.parent)
