"""The loop of `dagc watch`: look, wait for a save, look again."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, TypeAlias

import click

from dag.files.loading import loaded_files
from dagc.terminal.exits import is_refusal
from dagc.watching.look import look

#: Seconds between two looks at the times of the files.
PAUSE = 0.2
#: Packages of ours that hold no lane, some of whose modules are imported only when a lane asks for them.
NO_LANES = ("dag", "compile", "rtl", "dagc")
#: When each file was written last and how long it is; None where it is gone.
_States: TypeAlias = Mapping[Path, tuple[int, int] | None]


def watch(target: str, data: Path | None, bars: int, settings: Sequence[str]) -> NoReturn:
    """Look at `target` now and after every save, until interrupted."""
    file = Path(target.rpartition(":")[0] or target)
    ours = {*sys.modules}
    while True:
        _forget({*sys.modules} - ours)
        before = _saved([file, *([] if data is None else [data]), *loaded_files()])
        began = time.perf_counter()
        said = _looked(target, data, bars, settings)
        before = {**_saved(loaded_files()), **before}
        _show(f"{said}\n\n{target}: looked at in {time.perf_counter() - began:.1f} s; waiting for a save (Ctrl-C ends)")
        _wait_for_save(before)


def _wait_for_save(before: _States) -> None:
    """Return once a file is not as it was `before`, and nothing is being written any more."""
    last, now = before, _saved(before)
    while now == before or now != last:
        time.sleep(PAUSE)
        last, now = now, _saved(before)


def _forget(names: Iterable[str]) -> None:
    """Take modules that lanes were loaded with out of Python's memory, so that they are imported as they are now."""
    files = {str(file) for file in loaded_files()}
    for name in names:
        if getattr(sys.modules[name], "__file__", None) in files and name.partition(".")[0] not in NO_LANES:
            del sys.modules[name]


def _looked(target: str, data: Path | None, bars: int, settings: Sequence[str]) -> str:
    """What a look says, also where the lane or the data is refused: the next save may mend it."""
    try:
        return look(target, data, bars, settings)
    except Exception as problem:
        if not (is_refusal(problem) or isinstance(problem, OSError)):
            raise
        return str(problem)


def _show(text: str) -> None:
    if sys.stdout.isatty():
        click.clear()
    click.echo(text)
    sys.stdout.flush()


def _saved(files: Iterable[Path]) -> _States:
    """The files as they are now; many a save takes one away for a moment."""
    found: dict[Path, tuple[int, int] | None] = {}
    for file in files:
        try:
            state = file.stat()
            found[file] = (state.st_mtime_ns, state.st_size)
        except OSError:
            found[file] = None
    return found
