"""Data that comes through a pipe which the shell opened for dagc: `zcat bars.gz | dagc check ... --data -`, or `--data <(zcat bars.gz)`.

Such a pipe has a writer, and ends. Data is read more than once, so that it is first copied to a file, which lasts as long as
the command. A pipe that merely has a name in a folder may never get a writer: like a device it is refused, by whoever opens it.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from pathlib import Path
from typing import Any

import click

#: So many bytes are taken from a pipe.
MOST_PIPED = 1 << 30
_STANDARD_INPUT = "/dev/stdin"
#: What names a file that is open already.
_OPEN = re.compile(r"/dev/stdin|/dev/fd/\d+|/proc/(self|\d+)/fd/\d+")
_PIECE = 1 << 20


class DataPath(click.Path):
    """The path of a data file, `-` for the standard input; the path of a copy where it is a pipe that is open already."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Fails with a usage error where too much comes through the pipe."""
        text = _STANDARD_INPUT if str(value) == "-" else str(value)
        path = Path(os.fsdecode(super().convert(text, param, ctx)))
        if _OPEN.fullmatch(text) is None or ctx is None or not _is_pipe(path):
            return path
        folder = tempfile.mkdtemp(prefix="dagc-data-")
        ctx.find_root().call_on_close(lambda: shutil.rmtree(folder, ignore_errors=True))
        copy = Path(folder) / ("stdin" if text == _STANDARD_INPUT else "pipe")
        if not _copied(path, copy):
            self.fail(f"more than {MOST_PIPED:,} bytes came through {text}: write them to a file", param, ctx)
        return copy


def _is_pipe(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode)


def _copied(pipe: Path, copy: Path) -> bool:
    """Whether all that came through the pipe is in the copy now."""
    total = 0
    with pipe.open("rb", buffering=0) as source, copy.open("wb") as target:
        while piece := os.read(source.fileno(), _PIECE):
            total += len(piece)
            if total > MOST_PIPED:
                return False
            target.write(piece)
    return True
