"""What `dagc lint --report` shows of a lane: where its results come from, what acts and what stops it, and what enters twice."""

from __future__ import annotations

from typing import Any

from compile.analysis.flow import reached_from_outputs
from compile.analysis.provenance import provenance
from compile.front import front
from compile.lint.finding import place_of
from compile.lint.gates import gates_of, sinks_of
from compile.lint.incomplete_log import determined
from compile.operand_text import bare, operand_texts, whole_text
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.language.marks import Logged
from dag.operators.op import Family, Op
from dagc.reporting.lint import lanes_of


def reports_of(target: str) -> tuple[list[dict[str, Any]], list[Diagnostic]]:
    """The report of each lane of `FILE.py[:LANE]` that can be traced, and every error that a build would refuse."""
    judged = [front(lane) for lane in lanes_of(target)]
    errors = dict.fromkeys(error for each in judged for error in each.errors)
    return [claims_report(each.graph) for each in judged if each.graph is not None], sorted(errors, key=place_of)


def claims_report(graph: Graph) -> dict[str, Any]:
    """The feeds behind each result; the sinks with the hard gates, which a build has proved to stop them; the products both
    of whose sides come from one feed; and what the logged values do not determine."""
    behind = provenance(graph).of
    logged = {claim.node for claim in graph.claims if any(isinstance(mark, Logged) for mark in claim.marks)}
    known = determined(graph, logged)
    return {
        "lane": graph.name,
        "feeds": {output.name: sorted(behind[output.node]) for output in graph.outputs},
        "sinks": [output.name for output, _ in sinks_of(graph)],
        "gates": [graph.names[claim.node] for claim in gates_of(graph)],
        "repeated": _repeated(graph, behind),
        "not_replayable": [tap.name for tap in graph.taps if tap.node not in known] if logged else None,
    }


def _repeated(graph: Graph, behind: tuple[frozenset[str], ...]) -> list[dict[str, Any]]:
    """The products and quotients, as someone wrote them, both of whose sides some feed comes into: those behind a result, with what another lane
    has computed on one side at least. What a lane does with its own values is its own affair."""
    live = reached_from_outputs(graph)
    found: list[dict[str, Any]] = []
    for node in graph.operators():
        if graph.family(node) not in (Family.PRODUCT, Family.QUOTIENT) or node not in live:
            continue
        a, b = graph.args[node]
        foreign = (graph.owners[side] != graph.owners[node] and isinstance(graph.ops[side], Op) for side in (a, b))
        common, text, span = behind[a] & behind[b], whole_text(graph, node), graph.spans[node]
        if common and any(foreign) and span and "**" not in text and ("*" in text or "/" in text):
            sides = operand_texts(graph, node)
            found.append(
                {"at": span.shown_at, "product": text, "sides": [bare(each) for each in sides], "feeds": sorted(common)}
            )
    return sorted(found, key=lambda each: str(each["at"]))


def claims_text(report: dict[str, Any]) -> str:
    """The report as a page: first the matrix of results and feeds."""
    feeds = sorted({feed for each in report["feeds"].values() for feed in each})
    width = max((len(name) for name in report["feeds"]), default=0)
    lines = [str(report["lane"]), "  results and the feeds they come from"]
    lines += [f"    {'':<{width}}  {'| ' * index}{feed}" for index, feed in enumerate(feeds)]
    for name, behind in report["feeds"].items():
        lines.append(f"    {name:<{width}}  {' '.join('x' if feed in behind else '.' for feed in feeds)}")
    sinks, gates = ", ".join(report["sinks"]) or "none declared", ", ".join(report["gates"]) or "none declared"
    lines += [f"  sinks       {sinks}", f"  hard gates  {gates}"]
    for each in report["repeated"]:
        lines.append(f"  twice in a product, {each['at']}: `{each['product']}`")
        lines.append(
            f"    {' and '.join(f'`{side}`' for side in each['sides'])} both come from {', '.join(each['feeds'])}"
        )
    if report["not_replayable"]:
        lines.append(f"  not determined by what is logged: {', '.join(report['not_replayable'])}")
    return "\n".join(lines)
