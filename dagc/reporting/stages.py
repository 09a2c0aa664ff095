"""The stage at which each node of a graph is known, as `dagc inspect --stages` shows it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from compile.analysis.stages import Stage, stages
from dag.graphs.graph import Graph

_ABOUT = {
    Stage.BUILD: "constants, and what is computed of them alone",
    Stage.BIND: "what parameters alone decide",
    Stage.BAR: "what inputs alone decide",
    Stage.ROW: "carried values, and what an input and a parameter decide together",
}


def stage_report(graph: Graph) -> list[dict[str, Any]]:
    """For each node, in the graph's order: its name, its operator or source, its stage, and where it is written."""
    return [
        {
            "name": graph.names[node],
            "operator": getattr(op, "name", str(op)).lower(),
            "stage": stage.name.lower(),
            "at": span.at if (span := graph.spans[node]) else None,
        }
        for node, (op, stage) in enumerate(zip(graph.ops, stages(graph), strict=True))
    ]


def stage_text(report: list[dict[str, Any]]) -> str:
    """How many nodes each stage has, then the nodes, a line each, the earliest stage first."""
    counts = Counter(each["stage"] for each in report)
    lines = [f"{stage.name.lower():<6} {counts[stage.name.lower()]:>6}  {_ABOUT[stage]}" for stage in Stage]
    width = max((len(each["name"]) for each in report), default=0)
    for stage in Stage:
        found = [each for each in report if each["stage"] == stage.name.lower()]
        if found:
            lines.append("")
        for each in found:
            line = f"{each['stage']:<6} {each['name']:<{width}}  {each['operator']:<10}  {each['at'] or ''}"
            lines.append(line.rstrip())
    return "\n".join(lines)
