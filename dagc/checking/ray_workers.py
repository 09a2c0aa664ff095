"""Who runs the units of a campaign on other machines: tasks of a Ray cluster (the extra `ray`).

Every machine needs dagc installed, the very same sources; a worker that has others is refused. A task whose worker or
machine is lost is run again elsewhere by Ray, and gives the same outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compile.campaign.events.steering import Steering
from compile.campaign.run.unit import UnitResult
from dag.graphs.graph import Graph
from dagc.checking.sources import sources_digest
from dagc.checking.workers import WorkerTask, run_in_worker
from dagc.data.problem import DataProblem

#: What `--ray` takes for a cluster of this machine alone, begun for the campaign and ended with it.
LOCAL = "local"


def run_checked(work: WorkerTask, sources: bytes, number: int, steering: Mapping[str, object]) -> UnitResult:
    """One unit on whatever machine, if that machine has these sources."""
    if sources_digest() != sources:
        raise RuntimeError(
            "this machine has another dagc than the one that began the campaign: install the same on all"
        )
    return run_in_worker(work, number, steering)


@dataclass(slots=True)
class RayWorkers:
    """Tasks on the cluster at `address`. Raises DataProblem where ray or the cluster is missing."""

    work: WorkerTask
    graph: Graph
    address: str
    ray: Any = None

    def run(self, numbers: Sequence[int], steering: Steering) -> Iterator[tuple[int, UnitResult]]:
        """See compile.campaign.run.campaign.Workers."""
        ray = self._connected()
        remote = ray.remote(num_cpus=1, max_retries=-1)(run_checked)
        work, shared = ray.put(self.work), ray.put(steering.as_json(self.graph))
        sources = sources_digest()
        running = {remote.remote(work, sources, number, shared): number for number in numbers}
        try:
            while running:
                done, _ = ray.wait(list(running), num_returns=1)
                for reference in done:
                    yield running.pop(reference), ray.get(reference)
        finally:
            for reference in running:
                ray.cancel(reference)

    def _connected(self) -> Any:
        if self.ray is None:
            try:
                import ray
            except ImportError as problem:
                raise DataProblem("--ray needs the package ray\n  fix  pip install 'dagc-compiler[ray]'") from problem
            if not ray.is_initialized():
                try:
                    ray.init(
                        address=None if self.address == LOCAL else self.address,
                        log_to_driver=False,
                        include_dashboard=False if self.address == LOCAL else None,
                        configure_logging=False,
                    )
                except ConnectionError as problem:
                    raise DataProblem(
                        f"--ray {self.address}: no cluster answers there ({problem})\n"
                        "  fix  `ray start --head` on one machine, `ray start --address=HEAD:6379` on the others"
                    ) from problem
            self.ray = ray
        return self.ray

    def close(self) -> None:
        """Leave the cluster; one that was begun for the campaign ends."""
        if self.ray is not None:
            self.ray.shutdown()
            self.ray = None
