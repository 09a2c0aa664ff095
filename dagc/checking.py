"""Checking a lane: its artifacts, emitted afresh or as they are in a bundle, over recorded bars and sampled rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from compile.backend import Batch, Files
from compile.bundle import BundleProblem, read_artifacts, read_bundle, read_manifest
from compile.check.report import Report
from compile.check.run import campaign, check_batch, new_report
from dag.graph import Graph
from dagc.backends import BY_DEFAULT, CHECKED, checked_with
from dagc.data import read_table, replay_batch
from dagc.data_problem import DataProblem
from dagc.exits import note
from dagc.progress import Stages, row_progress
from dagc.running import as_on_disk, graph_of, parameters_of, runners_of, shipped_library

#: Rows of the campaign where neither data nor a number of rows is given.
DEFAULT_ROWS = 10_000


def check(
    target: str,
    data: Path | None,
    rows: int | None,
    seed: int,
    backends: Sequence[str] | None,
    settings: Sequence[str],
    bundle: Path | None,
    quiet: bool,
) -> Report:
    """Replay `data`, then sample `rows` rows, in `backends` (None: all there are), and compare every value.

    `bundle` is a folder whose artifacts are run as they are on disk; `settings` are `name=value` parameters for `data`.
    Raises CompileError, BundleProblem, DataProblem, BindingProblem.
    """
    stages = Stages(quiet)
    with stages.stage("trace"):
        graph = graph_of(target)
    batch = None if data is None else recorded(graph, data, settings)
    wanted: Sequence[str]
    wanted = BY_DEFAULT if backends is None else [name for name in CHECKED if name == "interpreter" or name in backends]
    if bundle is None:
        return _check(graph, wanted, None, data, batch, rows, seed, stages)
    manifest = read_manifest(bundle)
    if manifest["graph"] != graph.content_hash:
        raise BundleProblem(
            f"{bundle} was built from graph {manifest['graph'][:16]}, {target} is now {graph.content_hash[:16]}: "
            f"they are two programs\n  fix  dagc build {target} -o {bundle}"
        )
    if backends is None:
        wanted = checked_with(tuple(manifest.get("emitted", ())))
    try:
        read_bundle(bundle)
    except BundleProblem as changed:
        note(str(changed))
    with as_on_disk(bundle):
        return _check(graph, wanted, read_artifacts(bundle), data, batch, rows, seed, stages)


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
    wanted: Sequence[str],
    files: Files | None,
    data: Path | None,
    batch: Batch | None,
    rows: int | None,
    seed: int,
    stages: Stages,
) -> Report:
    with stages.stage("lower and load"):
        runners, missing = runners_of(graph, wanted, files)
        if files is not None and "c" in runners:
            runners |= shipped_library(graph, files)
    report = None
    if batch is not None:
        report = new_report(graph, str(data))
        with stages.stage("replay"):
            check_batch(graph, runners, batch, report)
    if rows is not None or report is None:
        total = rows or DEFAULT_ROWS
        with row_progress("campaign", total, stages.quiet) as progress:
            sampled = campaign(graph, runners, total, seed, progress)
        report = sampled if report is None else report.joined_with(sampled)
    report.missing.update(missing)
    return report
