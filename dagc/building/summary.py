"""What a build did, for people and for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compile.check.report import Report
from compile.proof.core.prove import claims, sentence
from compile.proof.core.standing import Standing, standing_lines, unverified
from compile.proof.core.verdict import Verdict
from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph
from dagc.building.certifying import pipeline_text
from dagc.building.compiled_code import CompiledCode
from dagc.building.proving import unread
from dagc.building.screen import seconds_line, size_text
from dagc.building.slots import slots_of, slots_text
from dagc.terminal.exits import TOOL_MISSING


@dataclass(frozen=True, slots=True, repr=False)
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
    def passed(self) -> bool:
        """Whether the bundle was written and everything in it was proved, compared or derived."""
        return self.exit_code == 0

    def __repr__(self) -> str:
        return summary_text(self)

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


def summary_text(summary: BuildSummary) -> str:
    """The one screen that a build prints."""
    lines = [*summary_lines(summary), seconds_line(summary.seconds)]
    differences = summary.report.differences
    if differences:
        verb = "differs" if differences == 1 else "differ"
        lines.append(f"nothing was written: {counted(differences, 'word')} {verb}")
    else:
        lines.append(f"{summary.report.verdict}; wrote {summary.folder} ({size_text(summary.files.values())})")
    return "\n".join(lines)


def summary_lines(summary: BuildSummary) -> list[str]:
    """The screen but for its last two lines: how long it took, and what was written."""
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
    return lines
