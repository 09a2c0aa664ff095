"""Building a bundle: trace, lower, check, write."""

from __future__ import annotations

from compile.backend import Files
from compile.backends import backend, checked_with, libraries, record_of
from compile.bundle.bundle import write_bundle
from compile.campaign.run.campaign import campaign
from compile.campaign.run.long_run import long_run
from compile.campaign.run.plan import LANE_CHECK_ROWS, Plan
from compile.certificate.tested import tested
from compile.interpreter.record import REFERENCE
from dagc.building.certifying import hardware_of, with_certificate
from dagc.building.compiled_code import inspect_compiled_code
from dagc.building.file_standing import standing_of
from dagc.building.plan import EMIT, BuildPlan, planned, versions
from dagc.building.proving import proofs_of, refuse_refuted
from dagc.building.request import BuildRequest
from dagc.building.running import examined_libraries, loaded_runners
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
    request, source, chosen, graph = plan.request, plan.source, plan.targets, plan.source.graph
    files: Files = dict(plan.pins)
    for name in chosen.names:
        with stages.stage(f"lower {name}"):
            files.update(backend(name, request.rtl_instances).lower(graph))
    for record in map(record_of, chosen.names):
        if record.test_vectors is not None:
            with stages.stage(f"vectors for {record.name}"):
                files.update(record.test_vectors(graph, files))
    with stages.stage("prove"):
        proofs = proofs_of(graph, files)
        refuse_refuted(proofs)
    for record in map(record_of, chosen.names):
        if record.library is not None and record.missing() is None:
            with stages.stage(f"compile {record.name}"):
                files[record.library.file] = record.library.compiled(files)
    with stages.stage("load"):
        everything = files if REFERENCE in chosen.names else {**backend(REFERENCE).lower(graph), **files}
        runners, unrun = loaded_runners(graph, checked_with(chosen.names), everything)
        lane = source.lane_check()
    with stages.stage("check"), row_progress("check", request.rows, stages.quiet) as progress:
        sampled = campaign(
            graph,
            runners,
            request.rows,
            request.seed,
            progress,
            interpreter_rows=request.rows,
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
        drawn = Plan(request.rows, request.seed, bool(graph.states), request.rows, RTL_CHECK_ROWS, LANE_CHECK_ROWS)
        with stages.stage("certify"):
            files = with_certificate(graph, files, facts, proofs, standing, tested(drawn, sampled, unrun))
        with stages.stage("write"):
            write_bundle(request.folder, graph, files, facts)
    sizes = {name: len(data) for name, data in files.items()}
    return BuildSummary(
        graph, request.folder, report, sizes, hardware, dict(stages.seconds), proofs, host, examined, standing
    )
