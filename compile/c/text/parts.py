"""What `batch.c` computes of rows that are not rejected, in parts: what is known at bind, at a bar, and in the row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compile.analysis.stages import Stage, stages
from compile.c.text.accepted import AcceptedRow, accepted_row, needed
from dag.graphs.graph import Graph
from dag.operators.op import Source


@dataclass(frozen=True, slots=True)
class Part:
    """The operators of one stage: what they are, and what crosses into them and out of them, in the graph's order."""

    stage: Stage
    computes: frozenset[int]
    takes: tuple[int, ...]
    gives: tuple[int, ...]
    #: Those of the checks that are known in this stage.
    checks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """An accepted row in parts, and the ports and states that it reads."""

    row: AcceptedRow
    parts: tuple[Part, ...]
    sources: tuple[int, ...]


def in_parts(graph: Graph) -> Parts:
    """The accepted row of `graph`, a part for each stage that computes or checks anything."""
    row = accepted_row(graph)
    stored = {row.of(node) for node in _stored(graph)}
    checks = tuple(row.of(node) for node in row.checks if row.constant(node) is None)
    used = needed(row, [*stored, *checks])
    # What is computed of constants alone is computed at bind: nothing is folded here.
    stage = [max(each, Stage.BIND) for each in stages(graph, row.operands)]
    parts: list[Part] = []
    for each in (Stage.BIND, Stage.BAR, Stage.ROW):
        computes = frozenset(node for node in used if stage[node] is each and not isinstance(graph.ops[node], Source))
        own = tuple(node for node in checks if stage[node] is each)
        if computes or own:
            reads = {operand for node in computes for operand in row.operands(node)}.union(own)
            parts.append(Part(each, computes, tuple(sorted(reads - computes)), (), own))
    wanted = stored.union(*(part.takes for part in parts))
    return Parts(
        row,
        tuple(Part(p.stage, p.computes, p.takes, tuple(sorted(p.computes & wanted)), p.checks) for p in parts),
        tuple(sorted(node for node in used if isinstance(graph.ops[node], Source))),
    )


def _stored(graph: Graph) -> Iterator[int]:
    """What a row leaves: its outputs, the next values of its states, what is put into arrays, and where."""
    for output in graph.outputs:
        yield output.node
    for state in graph.states:
        if not graph.types[state.node].is_array:
            yield state.next
            continue
        for node in graph.writes(state):
            yield from graph.args[node][1:]
            yield state.node
