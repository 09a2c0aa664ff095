"""The hazards of a graph: each operation judged where its result counts."""

from __future__ import annotations

from compile.analysis.assume import NOTHING_KNOWN, PathFacts
from compile.analysis.demand import demand
from compile.analysis.facts import is_empty
from compile.analysis.ranges import Ranges, ranges_once
from compile.hazards.hazard import Hazard
from compile.hazards.judges import JUDGES, lookback, rounded_before
from compile.hazards.messages import diagnostic_of, place_of
from compile.operand_text import as_written, operand_texts
from dag.diagnostics.diagnostic import CompileError, Diagnostic
from dag.graphs.graph import Graph
from dag.graphs.paths import ALWAYS, Path, Paths
from dag.operators import table as ops
from dag.operators.op import Op


def refuse_hazards(graph: Graph) -> None:
    """Raise CompileError with every hazard of `graph`, prepared or as traced."""
    found = hazards(graph)
    if found:
        raise CompileError(found)


def hazards(graph: Graph) -> list[Diagnostic]:
    """Every hazard of `graph`, in the order of its source."""
    judged = [
        node
        for node in graph.operators()
        if (graph.ops[node] in JUDGES or node in graph.whole_operands or node in graph.lookbacks)
        and not graph.total[node]
    ]
    if not judged:
        return []
    known = ranges_once(graph)
    paths: list[Paths] | None = None
    found: dict[tuple[object, ...], Diagnostic] = {}
    for node in judged:
        if _judge(graph, known, NOTHING_KNOWN, node) is None:
            continue
        paths = paths or demand(graph)
        for path in ((*one, *own) for one in paths[node] for own in graph.judged.get(node, ALWAYS)):
            if graph.ops[node] is ops.PUT:
                path = (*path, (graph.args[node][3], True))
            hazard = _on_path(graph, known, path, node)
            if hazard is not None:
                span = graph.spans[node]
                place = (span.file, span.line, span.column, hazard.code) if span else (node,)
                found.setdefault(place, diagnostic_of(graph, known, node, hazard))
                break
    return sorted(found.values(), key=place_of)


def _on_path(graph: Graph, known: Ranges, path: Path, node: int) -> Hazard | None:
    """The hazard of `node` where the conditions of `path` hold; None where there is none, or where they cannot hold."""
    here = known.along(path)
    return None if here is None else _judge(graph, known, here, node)


def _judge(graph: Graph, known: Ranges, here: PathFacts, node: int) -> Hazard | None:
    op, args = graph.ops[node], graph.args[node]
    assert isinstance(op, Op)
    facts = known.operands_under(here, node)
    if any(is_empty(fact) for fact in facts):
        return None
    if len(args) == 2 and args[0] == args[1] and op is ops.ISUB:
        return None
    texts = operand_texts(graph, as_written(graph, node))
    judge = JUDGES.get(op)
    hazard = None if judge is None else judge(texts, facts, tuple(graph.types[arg] for arg in args))
    if hazard is None and node in graph.lookbacks:
        hazard = lookback(texts, facts, graph.lookbacks[node])
    return hazard or (rounded_before(graph, known, here, node, texts) if node in graph.whole_operands else None)
