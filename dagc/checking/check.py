"""Checking a lane: its artifacts, emitted afresh or as they are in a bundle, over recorded bars and sampled rows."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from compile.backend import Batch, Files, Missing, Runner, fewer_rows
from compile.backends import by_default, checked, checked_with, library_of
from compile.bundle.bundle import GRAPH, BundleProblem, read_artifacts, read_bundle, read_manifest
from compile.campaign.events.catalogue import catalogue_of
from compile.campaign.events.coverage import Coverage
from compile.campaign.run.histories import history_of, to_json
from compile.campaign.run.long_run import long_run
from compile.campaign.run.plan import LANE_ROWS, LEAST_LANE_ROWS, Plan
from compile.check.report import Report
from compile.check.run import check_batch, new_report
from compile.interpreter.record import REFERENCE
from compile.lane.check import LaneCheck
from dag.files.regular_file import open_to_write
from dag.graphs.graph import Graph
from dag.graphs.json_form import graph_from_json
from dagc.binding.parameters import PINS
from dagc.building.compiled_code import inspect_compiled_code
from dagc.building.proving import emitted_by, proofs_of
from dagc.building.request import LEAST_ROWS
from dagc.building.running import (
    LaneSource,
    as_on_disk,
    examined_libraries,
    loaded_runners,
    parameters_of,
    prepared,
)
from dagc.building.slots import shown
from dagc.building.targets import Targets, targets
from dagc.checking.campaign import CampaignPlace, campaign_at
from dagc.checking.diagnosing import write_diagnosis
from dagc.checking.request import CheckRequest
from dagc.data.frames import called, table_in_memory
from dagc.data.problem import DataProblem
from dagc.data.tables import read_table, replay_batch
from dagc.terminal.exits import note
from dagc.terminal.progress import Stages, row_progress

#: The option that names backends.
BACKENDS = "--backends"
#: Where a campaign keeps its checkpoint and results when there is no bundle to put them beside.
DEFAULT_OUT = Path("build/campaign")
#: A campaign of this many rows or more takes all cores unless told otherwise.
MANY_ROWS = 200_000
#: Rows of the campaign where neither data nor a number of rows is given.
DEFAULT_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a check compares: a graph, the lane it was traced from, and either a bundle's artifacts or none, to emit them afresh."""

    graph: Graph
    lane: LaneCheck
    source: LaneSource
    chosen: Targets
    files: Files | None = None
    manifest: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def of(cls, request: CheckRequest) -> _Subject:
        """The subject of `request`. Raises CompileError; BundleProblem for a bundle of another program."""
        bundle = request.bundle
        manifest = {} if bundle is None else read_manifest(bundle)
        source = prepared(request.target, manifest.get("simplified", False), request.slots)
        if bundle is not None and PINS in manifest["files"]:
            with as_on_disk(bundle):
                source = source.pinned_as(graph_from_json(read_artifacts(bundle)[GRAPH]))
        graph, lane = source.graph, source.lane_check()
        asked = request.backends
        named = None if asked is None else [name for name in checked() if name == REFERENCE or name in asked]
        if bundle is None:
            return cls(graph, lane, source.source, targets(graph, named, by_default(), BACKENDS))
        if manifest["graph"] != graph.content_hash:
            raise BundleProblem(
                f"{bundle} was built from graph {manifest['graph'][:16]}, {shown(request.target)} is now "
                f"{graph.content_hash[:16]}: they are two programs\n  fix  dagc build {shown(request.target)} -o {bundle}"
            )
        chosen = targets(graph, named, checked_with(tuple(manifest.get("emitted", ()))), BACKENDS)
        try:
            read_bundle(bundle)
        except BundleProblem as changed:
            note(str(changed))
        with as_on_disk(bundle):
            return cls(graph, lane, source.source, chosen, read_artifacts(bundle), manifest)


def check(request: CheckRequest, stages: Stages) -> Report:
    """Replay the recording of `request`, then sample its rows, in every backend asked for, and compare every value.

    Raises CompileError, BundleProblem, DataProblem, BindingProblem.
    """
    with stages.stage("trace"):
        subject = _Subject.of(request)
    batch = None if request.data is None else recorded(subject.graph, request.data, request.settings, request.params)
    with nullcontext() if request.bundle is None else as_on_disk(request.bundle):
        return _checked(request, subject, batch, stages)


def recorded(graph: Graph, data: object, settings: Sequence[str], params: object = None) -> Batch:
    """The bars of a file or of a table in memory, with parameters from `settings`, `params` and defaults.

    Raises DataProblem, BindingProblem.
    """
    table = read_table(data, graph) if isinstance(data, Path) else table_in_memory(data, graph)
    if table.ignored and isinstance(data, Path):
        note(f"{data}: `{graph.name}` does not read {', '.join(table.ignored)}")
    batch = replay_batch(graph, table.columns, parameters_of(graph, settings, params))
    if not batch.bars:
        raise DataProblem(f"{called(data)} holds no bars")
    return batch


def _checked(request: CheckRequest, subject: _Subject, batch: Batch | None, stages: Stages) -> Report:
    graph, files = subject.graph, subject.files
    with stages.stage("lower and load"):
        runners, unrun = loaded_runners(graph, subject.chosen.names, files)
        missing = subject.chosen.leave_out(unrun, BACKENDS)
    with stages.stage("prove"):
        proofs = proofs_of(graph, emitted_by(graph, subject.chosen.names) if files is None else files)
    report = None if batch is None else _replayed(request, subject, runners, batch, stages)
    if request.rows is not None or report is None:
        sampled = _sampled(request, subject, runners, missing, stages)
        report = sampled if report is None else report.joined_with(sampled)
    ran: list[str] = []
    if not report.differences:
        with stages.stage("long run"):
            ran = long_run(subject.lane, runners[REFERENCE], report)
    report.missing.update(missing)
    report.left_out.update(subject.chosen.left_out)
    report.proofs = proofs
    with stages.stage("inspect compiled code"):
        report.compiled = [*ran, *inspect_compiled_code(runners, files or {}).lines()]
    if files is not None and any(map(library_of, runners)) and not report.differences:
        with stages.stage("examine"):
            report.compiled += examined_libraries(graph, files, subject.manifest)
    return report


def _replayed(
    request: CheckRequest, subject: _Subject, runners: Mapping[str, Runner], batch: Batch, stages: Stages
) -> Report:
    """The report of the recording; a page about the first difference of each backend."""
    report = new_report(subject.graph, called(request.data))
    with stages.stage("replay"):
        check_batch(subject.graph, runners, batch, report, lane=subject.lane)
    for first in report.firsts.values():
        finding = {"backend": first.backend, "divergence": first.as_json()}
        finding |= to_json(subject.graph, history_of(batch, first.instance, first.bar + 1))
        origin = f"dagc check --data {called(request.data)}"
        catalogue = catalogue_of(subject.graph)
        pages = write_diagnosis(catalogue, runners, subject.files, finding, _out(request), origin)
        report.written += [str(path) for path in pages]
    return report


def _sampled(
    request: CheckRequest,
    subject: _Subject,
    runners: Mapping[str, Runner],
    missing: Mapping[str, Missing],
    stages: Stages,
) -> Report:
    """The report of the campaign; its coverage goes where the request says."""
    total = request.rows or fewer_rows(subject.graph, DEFAULT_ROWS, LEAST_ROWS)
    options, lane_rows = request.campaign, fewer_rows(subject.graph, LANE_ROWS, LEAST_LANE_ROWS)
    plan = Plan(total, request.seed, bool(subject.graph.states), lane_rows=lane_rows)
    jobs = options.jobs or (os.cpu_count() or 1 if total >= MANY_ROWS else 1)
    place = CampaignPlace(_out(request), jobs, options.ray, is_kept=request.rows is not None and options.is_kept)
    lane = (subject.lane, subject.source)
    with row_progress("campaign", total, stages.quiet) as progress:
        campaign = campaign_at(subject.graph, plan, runners, missing, subject.files, place, progress, lane)
    if options.coverage is not None:
        write_coverage(campaign.coverage, options.coverage)
    return campaign.report


def _out(request: CheckRequest) -> Path:
    """Where the campaign of `request` keeps its checkpoint and its results."""
    if request.campaign.out is not None:
        return request.campaign.out
    bundle = request.bundle
    return DEFAULT_OUT if bundle is None else bundle.with_name(f"{bundle.name}.campaign")


def write_coverage(coverage: Coverage, file: Path) -> None:
    """The coverage of a campaign into `file`: JSON where it is called so, else the text."""
    is_json = file.suffix == ".json"
    text = json.dumps(coverage.as_json(), indent=1) + "\n" if is_json else coverage.as_text()
    with open_to_write(file) as stream:
        stream.write(text.encode())
