"""Building a bundle: trace, lower, check, write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass

from compile.backend import Files, Missing, Runner, fewer_rows
from compile.backends import backend, checked_with, libraries, record_of
from compile.bundle.bundle import write_bundle
from compile.campaign.run.campaign import campaign
from compile.campaign.run.long_run import long_run
from compile.campaign.run.plan import LANE_CHECK_ROWS, LEAST_LANE_ROWS, Plan
from compile.certificate.tested import tested
from compile.check.compare import comparable_nodes
from compile.interpreter.record import REFERENCE
from compile.proof.core.verdict import Verdict
from dag.graphs.graph import Graph
from dag.values.floating_point import in_standard_environment
from dagc.building.certifying import hardware_of, with_certificate
from dagc.building.compiled_code import inspect_compiled_code
from dagc.building.file_standing import standing_of
from dagc.building.plan import EMIT, BuildPlan, planned, versions
from dagc.building.proving import proofs_of, refuse_refuted
from dagc.building.request import BuildRequest
from dagc.building.running import examined_libraries, library_runners, runners_of
from dagc.building.summary import BuildSummary
from dagc.terminal.progress import Stages, row_progress

#: The simulated Verilog accepts a bar every so many cycles; a build's quick check gives it this many rows.
RTL_CHECK_ROWS = 512


def build(request: BuildRequest, stages: Stages) -> BuildSummary:
    """Build what `request` asks for and return what was done; nothing is written when a bit differs.

    With pins the bundle is deployed: see `dagc.building.running.prepared`. Raises CompileError, Refused, BundleProblem, DataProblem.
    """
    return build_planned(planned(request, stages), stages)


def build_planned(plan: BuildPlan, stages: Stages) -> BuildSummary:
    """As `build`, of a lane that is traced already."""
    request, chosen, graph = plan.request, plan.targets, plan.source.graph
    files: Files = dict(plan.pins)
    for name in chosen.names:
        with stages.stage(f"lower {name}"):
            files.update(backend(name, request.rtl_instances).lower(graph))
    for record in map(record_of, chosen.names):
        if record.test_vectors is not None:
            with stages.stage(f"vectors for {record.name}"):
                files.update(record.test_vectors(graph, files))
    rows = plan.rows
    lane_rows = fewer_rows(graph, LANE_CHECK_ROWS, LEAST_LANE_ROWS)
    drawn = Plan(rows, request.seed, bool(graph.states), rows, RTL_CHECK_ROWS, lane_rows)
    with _ahead() as pool:
        loading = pool.submit(_loaded, graph, chosen.names, dict(files), drawn, pool)
        with stages.stage("prove"):
            proofs = proofs_of(graph, files)
            refuse_refuted(proofs)
        with stages.stage("compile"):
            while not wait((loading,), timeout=0.5).done:
                pass  # a signal that comes just as Python begins to wait is heard when it stops waiting
            loaded = loading.result()
        return _checked(plan, stages, files | loaded.libraries, proofs, loaded, drawn)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What was compiled and loaded for the check."""

    libraries: Files
    runners: dict[str, Runner]
    missing: dict[str, Missing]


@contextmanager
def _ahead() -> Iterator[Executor]:
    """Threads that work while Python goes on: compilers and simulators are processes, and XLA compiles without Python."""
    pool = ThreadPoolExecutor()
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@in_standard_environment
def _loaded(graph: Graph, names: Sequence[str], files: Files, drawn: Plan, pool: Executor) -> _Loaded:
    """Compile the libraries, load every runner, and let those that take long get ready for the rows that will be drawn."""
    made = {
        record.library.file: pool.submit(record.library.compiled, files)
        for record in map(record_of, names)
        if record.library is not None and record.missing() is None
    }
    everything = files if REFERENCE in names else {**backend(REFERENCE).lower(graph), **files}
    runners, missing = runners_of(graph, checked_with(names), everything)
    bars, instances = drawn.shape(0)
    for record in (record_of(name) for name in runners):
        if record.ready_for is not None:
            pool.submit(record.ready_for, runners[record.name], bars, instances, comparable_nodes(graph))
    libraries = {file: each.result() for file, each in made.items()}
    return _Loaded(libraries, runners | library_runners(graph, runners, {**everything, **libraries}), missing)


def _checked(
    plan: BuildPlan, stages: Stages, files: Files, proofs: list[Verdict], loaded: _Loaded, drawn: Plan
) -> BuildSummary:
    """Run everything on the same rows, look at what was compiled, and write the bundle where no bit differs."""
    request, chosen, graph = plan.request, plan.targets, plan.source.graph
    runners, unrun, lane = loaded.runners, loaded.missing, plan.source.lane_check()
    rows = plan.rows
    with stages.stage("check"), row_progress("check", rows, stages.quiet) as progress:
        sampled = campaign(
            graph,
            runners,
            rows,
            request.seed,
            progress,
            interpreter_rows=rows,
            rtl_rows=RTL_CHECK_ROWS,
            lane=lane,
        )
    report = sampled.report
    examined: list[str] = []
    if not report.differences:
        with stages.stage("long run"):
            examined += long_run(lane, runners[REFERENCE], report)
    report.missing.update(chosen.leave_out(unrun, EMIT))
    report.left_out.update(chosen.left_out)
    standing = standing_of(graph, files, proofs, report.rows_of)
    libraries_facts = {library.file: library.facts() for library in libraries() if library.file in files}
    if libraries_facts and not report.differences:
        with stages.stage("examine"):
            examined += examined_libraries(graph, files, libraries_facts)
    hardware = hardware_of(files)
    with stages.stage("inspect compiled code"):
        host = inspect_compiled_code(runners, files)
    if not report.differences:
        facts = versions(chosen.names) | libraries_facts | ({"simplified": True} if request.simplify else {})
        facts["compiled_here"] = host.as_json()
        with stages.stage("certify"):
            files = with_certificate(graph, files, facts, proofs, standing, tested(drawn, sampled, unrun))
        with stages.stage("write"):
            write_bundle(request.folder, graph, files, facts)
    sizes = {name: len(data) for name, data in files.items()}
    return BuildSummary(
        graph, request.folder, report, sizes, hardware, dict(stages.seconds), proofs, host, examined, standing
    )
