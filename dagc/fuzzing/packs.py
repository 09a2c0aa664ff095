"""Packs of a long run handed to worker processes, what they did kept in a journal: killed or out of time, it resumes."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import Protocol, TypeVar

from compile.campaign.run.journal import Journal, Step
from dagc.checking.sources import sources_digest
from dagc.terminal.exits import note
from dagc.terminal.progress import row_progress

#: A worker is replaced after so many packs: XLA keeps what it compiled for as long as a process lives.
PACKS_PER_WORKER = 40


class FuzzPack(Protocol):
    """A pack of graphs or of programs."""

    @property
    def number(self) -> int: ...


class FuzzTotals(Protocol):
    """What all packs gave together."""

    seconds: float

    @property
    def findings(self) -> list[str]: ...
    @property
    def count(self) -> int:
        """The things done so far."""
        ...

    @property
    def wanted(self) -> int:
        """The things asked for."""
        ...

    def add(self, step: Step) -> None:
        """Count one pack."""
        ...


P = TypeVar("P", bound=FuzzPack)
T = TypeVar("T", bound=FuzzTotals)


def key_of(plan: object) -> str:
    """What makes two runs the same run: the plan as JSON, the compiler's own sources, and the tools' environment."""
    digest = hashlib.sha256(json.dumps(plan, sort_keys=True).encode())
    digest.update(sources_digest())
    return digest.hexdigest()


def run_packs(
    totals: T,
    noun: str,
    packs: Iterable[P],
    work: Callable[..., Step],
    given: tuple[object, ...],
    journal: Journal,
    time_limit: float | None,
    jobs: int,
    quiet: bool,
) -> T:
    """Run `work(pack, *given)` of the packs that `journal` does not have yet, and count every pack, old or new, in `totals`.

    After `time_limit` seconds, or a pack with a finding, no further pack is begun. `noun` is what is counted, in the plural.
    """
    for step in journal.steps.values():
        totals.add(step)
    if journal.steps:
        note(f"continuing after {totals.count:,} {noun}, from {journal.path}")
    todo = (pack for pack in packs if pack.number not in journal.steps)
    begun = time.monotonic()
    end = None if time_limit is None else begun + time_limit
    with row_progress(noun, totals.wanted, quiet) as progress:
        progress(totals.count)
        for number, step in _done(todo, work, given, end, jobs):
            journal.add(number, step)
            totals.add(step)
            progress(totals.count)
    totals.seconds = time.monotonic() - begun
    if totals.findings or totals.count == totals.wanted:
        journal.end()
    return totals


def _done(
    todo: Iterator[P], work: Callable[..., Step], given: tuple[object, ...], end: float | None, jobs: int
) -> Iterator[tuple[int, Step]]:
    """The packs by number as they get done; none is begun after `end` or after one with findings."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        jobs, context, initializer=_leave_interrupts_to_the_parent, max_tasks_per_child=PACKS_PER_WORKER
    ) as workers:
        running: dict[Future[Step], int] = {}
        goes_on = True
        try:
            while True:
                while goes_on and len(running) < jobs and (end is None or time.monotonic() < end):
                    pack = next(todo, None)
                    if pack is None:
                        goes_on = False
                    else:
                        running[workers.submit(work, pack, *given)] = pack.number
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    step = future.result()
                    goes_on = goes_on and not step["findings"]
                    yield running.pop(future), step
        finally:
            workers.shutdown(cancel_futures=True)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
