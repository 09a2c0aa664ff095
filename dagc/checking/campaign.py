"""A campaign as a command: over processes or machines, kept on disk, its results written where the next reader looks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from compile.backend import Files, Missing, Runner
from compile.backends import library_of
from compile.bundle.bundle import canonical_json
from compile.campaign.run.campaign import Campaign, InProcess, Progress, Workers, run_campaign
from compile.campaign.run.checkpoint import CampaignCheckpoint
from compile.campaign.run.plan import Plan
from compile.campaign.run.unit import CampaignContext
from compile.lane.check import LaneCheck
from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph
from dagc.building.running import LaneSource
from dagc.checking.diagnosing import write_diagnosis
from dagc.checking.ray_workers import RayWorkers
from dagc.checking.sources import sources_digest
from dagc.checking.workers import ProcessWorkers, WorkerTask
from dagc.terminal.exits import note


@dataclass(frozen=True, slots=True)
class CampaignPlace:
    """Where a campaign runs: `jobs` processes of this machine, or the Ray cluster at `ray`; kept below `out` if it is kept."""

    out: Path
    jobs: int = 1
    ray: str | None = None
    is_kept: bool = False


def key_of(graph: Graph, plan: Plan, runners: Sequence[str], files: Files | None) -> str:
    """What makes two campaigns the same: graph, plan, who is compared, the artifacts, and this compiler."""
    digest = hashlib.sha256(sources_digest())
    artifacts = None if files is None else {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    described = [graph.content_hash, plan.as_json(), list(runners), artifacts]
    digest.update(json.dumps(described, sort_keys=True).encode())
    return digest.hexdigest()


def campaign_at(
    graph: Graph,
    plan: Plan,
    runners: Mapping[str, Runner],
    missing: Mapping[str, Missing],
    files: Files | None,
    place: CampaignPlace,
    progress: Progress,
    lane: tuple[LaneCheck, LaneSource] | None = None,
) -> Campaign:
    """Run `plan` at `place`; what a campaign gives does not depend on the place. `lane` is what the graph was made of, and where
    workers find it. Raises DataProblem for a bad --ray.
    """
    check, source = lane or (None, None)
    context = CampaignContext.of(graph, plan, runners, check)
    key = key_of(graph, plan, list(runners), files)
    folder = place.out / f"{graph.name}-{key[:12]}"
    checkpoint = CampaignCheckpoint(folder, key) if place.is_kept else None
    if checkpoint is not None and (loaded := checkpoint.load(graph)) is not None:
        note(f"continuing after {counted(loaded[2].rows, 'row')}, from {folder}")
    names = [name for name in runners if library_of(name) is None]
    work = WorkerTask.of(graph, plan, names, files, key, source)
    workers: Workers
    pool: ProcessWorkers | RayWorkers | None = None
    if place.ray is not None:
        workers = pool = RayWorkers(work, graph, place.ray)
    elif place.jobs > 1:
        workers = pool = ProcessWorkers(work, place.jobs, graph)
    else:
        workers = InProcess(context)
    try:
        result = run_campaign(graph, plan, context.catalogue, workers, checkpoint, progress)
    finally:
        if pool is not None:
            pool.close()
    result.report.missing.update(missing)
    origin = f"a campaign of {counted(plan.rows, 'row')}, seed {plan.seed}"
    for finding in {each["backend"]: each for each in reversed(result.tally.findings)}.values():
        written = write_diagnosis(context.catalogue, runners, files, finding, folder, origin)
        result.report.written += [str(path) for path in written]
    if checkpoint is not None:
        _write(folder, plan, result)
        checkpoint.end()
    return result


def _write(folder: Path, plan: Plan, result: Campaign) -> None:
    """The results: the same bytes whoever ran it, and however often it was killed."""
    found = {"plan": plan.as_json(), "report": result.report.as_json(), "rounds": result.tally.rounds}
    (folder / "campaign.json").write_bytes(canonical_json(found))
    (folder / "coverage.json").write_bytes(canonical_json(result.coverage.as_json()))
    (folder / "coverage.txt").write_text(result.coverage.as_text(), encoding="utf-8")
