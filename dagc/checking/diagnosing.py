"""What is written about a divergence: a page, and a file that shows it alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from compile.backend import Files, Runner
from compile.backends import backend, checked
from compile.campaign.events.catalogue import Catalogue
from compile.campaign.findings.diagnosis import page
from compile.campaign.findings.minimise import minimise
from compile.campaign.findings.reproducer import to_json
from compile.campaign.fuzz.graphs import GraphFinding
from compile.campaign.run.histories import History, batch_of, columns_to_json, from_json
from compile.campaign.run.unit import UnitResult
from compile.check.blame import Blame, blame
from compile.check.compare import LANE, Divergence, comparable_nodes, explain_divergence
from compile.interpreter.record import REFERENCE
from dag.graphs.graph import Graph
from dag.graphs.json_form import graph_to_json
from dag.values.words import show
from dagc.checking.reproducing import packed, python_file

#: How long a reproducer is minimised.
SECONDS = 30.0


def write_diagnosis(
    catalogue: Catalogue,
    runners: Mapping[str, Runner],
    files: Files | None,
    finding: UnitResult,
    folder: Path,
    origin: str,
) -> list[Path]:
    """The page and the reproducer of `finding`, in `folder`; the files that were written.

    `files` are the artifacts that were run where they came from a bundle: the reproducer carries them.
    """
    graph, name = catalogue.graph, finding["backend"]
    history = from_json(graph, finding)
    if name == LANE:
        return [_lane_page(graph, history, Divergence.from_json(finding["divergence"]), folder, origin)]
    found = blame(graph, runners[REFERENCE], name, runners[name], batch_of([history], history.bars))
    recorded = Divergence.from_json(finding["divergence"]) if "divergence" in finding else None
    folder.mkdir(parents=True, exist_ok=True)
    report, script = folder / f"divergence-{name}.txt", folder / f"reproducer-{name}.py"
    text = page(catalogue, found, recorded, origin)
    title = text.splitlines()[0]
    document = _document(graph, found, recorded, files, origin)
    script.write_text(python_file(script.name, title, text, document), encoding="utf-8")
    report.write_text(f"{text}\nshow it alone\n  python {script}\n", encoding="utf-8")
    return [report, script]


def _lane_page(graph: Graph, history: History, found: Divergence, folder: Path, origin: str) -> Path:
    """What the lane and its graph differ on, with all that the lane was given up to there: nothing else is needed to see it."""
    lines = [f"{graph.name} on numbers is not its graph: {graph.content_hash[:16]}", f"  found by  {origin}", ""]
    lines += [
        explain_divergence(found),
        "",
        "the lane was given, as `lane.stream(parameters)` and then bar by bar takes it:",
    ]
    lines += [f"  {param.name} = {_shown(graph, param.node, history.params[param.name][0])}" for param in graph.params]
    for bar in range(history.bars):
        given = (f"{port.name}={_shown(graph, port.node, history.inputs[port.name][bar])}" for port in graph.inputs)
        lines.append(f"  bar {bar}: {', '.join(given)}")
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / f"divergence-{LANE}.txt"
    report.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return report


def _shown(graph: Graph, node: int, value: Any) -> str:
    type_ = graph.types[node]
    if type_.is_array:
        return f"[{', '.join(show(each, type_.element) for each in value.tolist())}]"
    return show(value.item(), type_)


def _document(
    graph: Graph, found: Blame, recorded: Divergence | None, files: Files | None, origin: str
) -> dict[str, Any]:
    first = found.comparison.first or recorded
    if files is None and found.comparison.first is not None and found.backend in checked():
        small = _small(graph, found)
        if small is not None:
            return {"backend": found.backend, "small": json.loads(to_json(small, origin))}
    return {
        "backend": found.backend,
        "rows": columns_to_json(graph, found.batch),
        "divergence": None if first is None else first.as_json(),
        "graph": packed(graph_to_json(graph)),
        "files": {path: packed(data) for path, data in (files or {}).items()},
    }


def _small(graph: Graph, found: Blame) -> GraphFinding | None:
    """The divergence with as few nodes as show it; None where a freshly emitted artifact is right."""
    nodes = tuple(comparable_nodes(graph))
    finding = GraphFinding(found.backend, graph, found.batch, nodes, found.comparison.first)
    backends = {name: backend(name) for name in (REFERENCE, found.backend)}
    small = minimise(backends, finding, SECONDS)
    return small if small is not finding else None
