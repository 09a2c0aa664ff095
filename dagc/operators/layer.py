"""The operators of a graph as a layer of its certificate: what the shipped evidence says of the text that is emitted for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from compile.backends import checked, record_of
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dagc.operators.evidence import read_evidence
from dagc.operators.keys import text_key

STATEMENT = (
    "each operator's emitted text was tried alone: proved for all operands, exhaustively at tiny formats, or on sampled "
    "operands, with the tools named here; what is emitted now is that text"
)


def operators_layer(graph: Graph, names: Iterable[str]) -> dict[str, Any]:
    """What is known of the ops that `graph` uses in the backends called `names`; the same on every machine."""
    detail = {name: _of_backend(graph, name) for name in sorted(names) if name in checked()}
    counts = {name: {status: len(ops) for status, ops in found["ops"].items()} for name, found in detail.items()}
    said = [
        f"operators: {name}: {', '.join(f'{count} {status}' for status, count in found.items())}"
        for name, found in counts.items()
    ]
    weak = any("changed since it was tried" in found for found in counts.values())
    standing = "none" if not detail else "partly" if weak else "tested"
    return {"standing": standing, "statement": STATEMENT, "claims": said, "detail": detail}


def _of_backend(graph: Graph, name: str) -> dict[str, Any]:
    record = record_of(name)
    evidence = read_evidence().get(record.evidence_of or name, {})
    lowering = record.make(None)
    statuses: dict[str, list[str]] = {}
    rows: set[int] = set()
    tools: set[str] = set()
    for op in sorted({op.row for op in graph.ops if isinstance(op, Op)}, key=lambda op: op.name):
        tried = evidence.get(op.name)
        if tried is None:
            status = "not tried alone"
        elif tried.text != text_key(lowering, op):
            status = "changed since it was tried"
        else:
            status = "proved" if tried.proved else "exhaustive" if tried.exhaustive else "tested"
            rows.add(tried.rows)
            tools.add(str(tried.tools))
        statuses.setdefault(status, []).append(op.name)
    return {"ops": statuses, "rows_at_least": min(rows, default=0), "tools": sorted(tools)}
