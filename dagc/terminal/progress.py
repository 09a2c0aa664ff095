"""Progress on stderr, on a terminal only, and not on that of a notebook."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

#: What Jupyter leaves in the environment of what a notebook starts.
NOTEBOOK = "JPY_PARENT_PID"


@dataclass(slots=True)
class Stages:
    """The named stages of a command and how long each took; shown as they run."""

    quiet: bool = False
    seconds: dict[str, float] = field(default_factory=dict[str, float])

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage."""
        begun = time.perf_counter()
        with _spinner(name, self.quiet):
            yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun


def _is_watched() -> bool:
    """Whether stderr is a terminal that somebody looks at. `!dagc ...` in a notebook has one too, whose every move is kept."""
    return sys.stderr.isatty() and NOTEBOOK not in os.environ


@contextmanager
def _spinner(name: str, quiet: bool) -> Iterator[None]:
    if quiet or not _is_watched():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(name):
        yield


@contextmanager
def row_progress(name: str, total: int | None, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar over `total` rows, or a count where their number is not known; the callable takes the rows done so far."""
    if quiet or not _is_watched():
        yield lambda rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(name), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(name, total=total)
        yield lambda rows: bar.update(task, completed=rows)
