"""Checking a lane: its artifacts, emitted afresh or as they are in a bundle, over recorded bars and sampled rows."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compile.backend import Batch, Files
from compile.backends import by_default, checked, checked_with, library_of
from compile.bundle.bundle import GRAPH, BundleProblem, read_artifacts, read_bundle, read_manifest
from compile.campaign.events.catalogue import catalogue_of
from compile.campaign.events.coverage import Coverage
from compile.campaign.run.histories import history_of, to_json
from compile.campaign.run.long_run import long_run
from compile.campaign.run.plan import LANE_ROWS, Plan
from compile.check.report import Report
from compile.check.run import check_batch, new_report
from compile.interpreter.record import REFERENCE
from compile.lane.check import LaneCheck
from dag.files.regular_file import open_to_write
from dag.graphs.graph import Graph
from dag.graphs.json_form import graph_from_json
from dagc.binding.parameters import PINS
from dagc.building.compiled_code import host_layer
from dagc.building.proving import emitted_by, proofs_of
from dagc.building.running import (
    LaneSource,
    as_on_disk,
    examined_libraries,
    loaded_runners,
    parameters_of,
    prepared,
)
from dagc.building.targets import Targets, targets
from dagc.checking.campaign import Place, campaign_at
from dagc.checking.diagnosing import write_diagnosis
from dagc.data.problem import DataProblem
from dagc.data.tables import read_table, replay_batch
from dagc.terminal.exits import note
from dagc.terminal.progress import Stages, row_progress

#: The option that names backends.
BACKENDS = "--backends"
#: Where a campaign is kept, and what it found, where there is no bundle to lie beside.
DEFAULT_OUT = Path("build/campaign")
#: A campaign of so many rows takes all cores unless it is told otherwise.
MANY_ROWS = 200_000
#: Rows of the campaign where neither data nor a number of rows is given.
DEFAULT_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class How:
    """How a campaign runs; None: as its size and the bundle suggest."""

    jobs: int | None = None
    ray: str | None = None
    out: Path | None = None
    coverage: Path | None = None


def check(
    target: str,
    data: Path | None,
    rows: int | None,
    seed: int,
    backends: Sequence[str] | None,
    settings: Sequence[str],
    bundle: Path | None,
    quiet: bool,
    how: How | None = None,
    plugged: Sequence[str] = (),
) -> Report:
    """Replay `data`, then sample `rows` rows, in `backends` (None: all there are), and compare every value.

    `how` says where a campaign runs, and where its coverage goes; `plugged` are lanes in the graph's slots, `NAME=FILE.py:LANE`. `bundle` is a folder whose artifacts are run as they are on disk; `settings` are `name=value` parameters for `data`.
    Raises CompileError, BundleProblem, DataProblem, BindingProblem.
    """
    stages = Stages(quiet)
    manifest = {} if bundle is None else read_manifest(bundle)
    with stages.stage("trace"):
        source = prepared(target, manifest.get("simplified", False), plugged)
        if bundle is not None and PINS in manifest["files"]:
            with as_on_disk(bundle):
                source = source.pinned_as(graph_from_json(read_artifacts(bundle)[GRAPH]))
        graph = source.graph
    batch = None if data is None else recorded(graph, data, settings)
    named = None if backends is None else [name for name in checked() if name == REFERENCE or name in backends]
    on_numbers = source.lane_check(), source.source
    if bundle is None:
        chosen = targets(graph, named, by_default(), BACKENDS)
        return _check(graph, on_numbers, chosen, None, data, batch, rows, seed, stages, how or How())
    if manifest["graph"] != graph.content_hash:
        raise BundleProblem(
            f"{bundle} was built from graph {manifest['graph'][:16]}, {target} is now {graph.content_hash[:16]}: "
            f"they are two programs\n  fix  dagc build {target} -o {bundle}"
        )
    chosen = targets(graph, named, checked_with(tuple(manifest.get("emitted", ()))), BACKENDS)
    try:
        read_bundle(bundle)
    except BundleProblem as changed:
        note(str(changed))
    with as_on_disk(bundle):
        beside = bundle.with_name(f"{bundle.name}.campaign")
        return _check(
            graph,
            on_numbers,
            chosen,
            read_artifacts(bundle),
            data,
            batch,
            rows,
            seed,
            stages,
            how or How(),
            beside,
            manifest,
        )


def recorded(graph: Graph, data: Path, settings: Sequence[str]) -> Batch:
    """The bars of a file, with parameters from `settings` and defaults. Raises DataProblem, BindingProblem."""
    table = read_table(data, graph)
    if table.ignored:
        note(f"{data}: `{graph.name}` does not read {', '.join(table.ignored)}")
    batch = replay_batch(graph, table.columns, parameters_of(graph, settings))
    if not batch.bars:
        raise DataProblem(f"{data} holds no bars")
    return batch


def _check(
    graph: Graph,
    lane: tuple[LaneCheck, LaneSource] | None,
    chosen: Targets,
    files: Files | None,
    data: Path | None,
    batch: Batch | None,
    rows: int | None,
    seed: int,
    stages: Stages,
    how: How,
    beside: Path = DEFAULT_OUT,
    manifest: Mapping[str, Any] | None = None,
) -> Report:
    with stages.stage("lower and load"):
        runners, unrun = loaded_runners(graph, chosen.names, files)
        missing = chosen.leave_out(unrun, BACKENDS)
    with stages.stage("prove"):
        proofs = proofs_of(graph, emitted_by(graph, chosen.names) if files is None else files)
    report = None
    if batch is not None:
        report = new_report(graph, str(data))
        with stages.stage("replay"):
            check_batch(graph, runners, batch, report, lane=None if lane is None else lane[0])
        for found in report.firsts.values():
            finding = {"backend": found.backend, "divergence": found.as_json()}
            finding |= to_json(graph, history_of(batch, found.instance, found.bar + 1))
            catalogue = catalogue_of(graph)
            written = write_diagnosis(
                catalogue, runners, files, finding, how.out or beside, f"dagc check --data {data}"
            )
            report.written += [str(path) for path in written]
    if rows is not None or report is None:
        total = rows or DEFAULT_ROWS
        plan = Plan(total, seed, bool(graph.states), lane_rows=0 if lane is None else LANE_ROWS)
        jobs = how.jobs or (os.cpu_count() or 1 if total >= MANY_ROWS else 1)
        place = Place(how.out or beside, jobs, how.ray, is_kept=rows is not None)
        with row_progress("campaign", total, stages.quiet) as progress:
            sampled = campaign_at(graph, plan, runners, missing, files, place, progress, lane)
        if how.coverage is not None:
            write_coverage(sampled.coverage, how.coverage)
        report = sampled.report if report is None else report.joined_with(sampled.report)
    ran: list[str] = []
    if lane is not None and lane[0] is not None and not report.differences:
        with stages.stage("long run"):
            ran = long_run(lane[0], runners[REFERENCE], report)
    report.missing.update(missing)
    report.left_out.update(chosen.left_out)
    report.proofs = proofs
    with stages.stage("look at what was compiled"):
        report.compiled = [*ran, *host_layer(runners, files or {}).lines()]
    if files is not None and any(map(library_of, runners)) and not report.differences:
        with stages.stage("examine"):
            report.compiled += examined_libraries(graph, files, manifest or {})
    return report


def write_coverage(coverage: Coverage, file: Path) -> None:
    """The coverage of a campaign into `file`: JSON where it is called so, else the text."""
    is_json = file.suffix == ".json"
    text = json.dumps(coverage.as_json(), indent=1) + "\n" if is_json else coverage.as_text()
    with open_to_write(file) as stream:
        stream.write(text.encode())
