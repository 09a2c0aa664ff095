"""Orders whose repeats cannot be told."""

from __future__ import annotations

from collections.abc import Iterator

from compile.lint.finding import declared_at, finding
from compile.lint.gates import sinks_of
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.language.marks import Sink
from dag.operators.op import Source
from dag.values.types import Kind


def sink_keys(graph: Graph) -> Iterator[Diagnostic]:
    """E085 for each `sink(key=...)` whose key is no result of the lane, is no whole number, or is the same on every bar."""
    outputs = {output.name: output.node for output in graph.outputs}
    for output, claim in sinks_of(graph):
        for key in (mark.key for mark in claim.marks if isinstance(mark, Sink) and mark.key is not None):
            problem = f"`{key}`, which is no result" if key not in outputs else _problem(graph, key, outputs[key])
            if problem:
                yield finding(
                    "E085", graph, output.node, output.name,
                    f"a result `{key}` that tells one order of `{output.name}` from another, as {declared_at(claim)}",
                    (problem,),
                    f"return an int `{key}` that changes with every new order: an id of the input, or a carried count",
                    claims=(claim,),
                )  # fmt: skip


def _problem(graph: Graph, key: str, node: int) -> str:
    if graph.types[node].kind not in (Kind.I64, Kind.I32):
        return f"`{key}` of type {graph.types[node]}"
    pending, varies = [node], False
    seen: set[int] = set()
    while pending:
        each = pending.pop()
        if each not in seen:
            seen.add(each)
            pending.extend(graph.args[each])
            varies |= graph.ops[each] in (Source.INPUT, Source.STATE)
    return "" if varies else f"`{key}`, which is the same on every bar"
