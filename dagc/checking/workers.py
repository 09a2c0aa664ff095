"""Who runs the units of a campaign beside this process: worker processes of this machine."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache

from compile.backend import Files
from compile.campaign.events.steering import Steering
from compile.campaign.run.plan import Plan
from compile.campaign.run.unit import CampaignContext, UnitResult, run_unit
from dag.graphs.graph import Graph
from dag.graphs.json_form import graph_from_json, graph_to_json
from dagc.building.running import LaneSource, loaded_runners
from dagc.terminal.exits import note

#: A pool whose workers die is begun again, so often.
RESTARTS = 3


@dataclass(frozen=True)
class WorkerTask:
    """All that a worker needs: the graph, the plan, which backends, and their artifacts where they are not emitted afresh."""

    graph: bytes
    plan: Plan
    backends: tuple[str, ...]
    files: Mapping[str, bytes] | None
    key: str
    #: Where the lane is that runs on numbers beside them; a file that every machine has at the same place.
    lane: LaneSource | None = None

    @classmethod
    def of(
        cls,
        graph: Graph,
        plan: Plan,
        backends: Sequence[str],
        files: Files | None,
        key: str,
        lane: LaneSource | None = None,
    ) -> WorkerTask:
        """The work of one campaign; `key` names it."""
        return cls(graph_to_json(graph), plan, tuple(backends), files, key, None if lane is None else lane.absolute())

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WorkerTask) and other.key == self.key


@lru_cache(maxsize=1)
def context_of(work: WorkerTask) -> CampaignContext:
    """The context of `work`, made once in each process."""
    graph = graph_from_json(work.graph)
    files = None if work.files is None else dict(work.files)
    runners, _ = loaded_runners(graph, work.backends, files)
    return CampaignContext.of(graph, work.plan, runners, None if work.lane is None else work.lane.check(graph))


def run_in_worker(work: WorkerTask, number: int, steering: Mapping[str, object]) -> UnitResult:
    """One unit, in whatever process."""
    context = context_of(work)
    return run_unit(context, number, Steering.from_json(context.graph, steering))


@dataclass(slots=True)
class ProcessWorkers:
    """Worker processes. Which of them runs a unit makes no difference; one that is lost is replaced."""

    work: WorkerTask
    jobs: int
    graph: Graph
    executor: ProcessPoolExecutor | None = None

    def run(self, numbers: Sequence[int], steering: Steering) -> Iterator[tuple[int, UnitResult]]:
        """See compile.campaign.run.campaign.Workers."""
        left = set(numbers)
        shared = steering.as_json(self.graph)
        for attempt in range(RESTARTS + 1):
            try:
                for number, outcome in self._run(sorted(left), shared):
                    left.discard(number)
                    yield number, outcome
                return
            except BrokenProcessPool:
                self.close()
                if attempt == RESTARTS:
                    raise
                note(f"a worker process was lost; {len(left)} units are done again")

    def _run(self, numbers: Sequence[int], steering: Mapping[str, object]) -> Iterator[tuple[int, UnitResult]]:
        if self.executor is None:
            context = multiprocessing.get_context("spawn")
            self.executor = ProcessPoolExecutor(self.jobs, context, initializer=_leave_interrupts_to_the_parent)
        running: dict[Future[UnitResult], int] = {}
        waiting = list(reversed(numbers))
        try:
            while waiting or running:
                while waiting and len(running) < self.jobs:
                    number = waiting.pop()
                    running[self.executor.submit(run_in_worker, self.work, number, steering)] = number
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(future), future.result()
        finally:
            for future in running:
                future.cancel()

    def close(self) -> None:
        """End the workers."""
        if self.executor is not None:
            self.executor.shutdown(wait=False, cancel_futures=True)
            self.executor = None


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
