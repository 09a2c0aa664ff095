"""Making a disagreement small: fewer nodes, fewer rows, the same backend still wrong.

Every step is one of two, and both leave the meaning of what is kept as it is. *Cutting*: a node becomes an input whose
column holds the very values it had. *Dropping rows*: one instance, then fewer bars, starting from the state they had.
A cut is first tried close to the wrong node (most faults need only the operator and its operands), then further and further
away; what is left is cut node by node.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from compile.backend import Backend, Batch, Result, initial_state
from compile.campaign.drawing.random_graph import SAFE
from compile.campaign.fuzz.graphs import GraphFinding, examine
from compile.check.compare import comparable_nodes
from compile.check.meaning import evaluate
from compile.check.run import bars_of, instances_of
from compile.interpreter.record import REFERENCE
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.op import Op, Source
from dag.values.domain import whole_domain
from dag.values.words import Column

#: Instances that are kept while nodes are cut: enough to fill the vectors of every backend.
MOST_INSTANCES = 128
DISTANCES = (1, 2, 3, 4, 6, 8, 12, 16, 24)


@dataclass(slots=True)
class _Search:
    """The smallest finding so far, and the time by which the search ends."""

    backend: Backend
    best: GraphFinding
    end: float

    def improves(self, graph: Graph, batch: Batch, nodes: tuple[int, ...]) -> bool:
        """Whether the backend is still wrong in the same way; if so this is the new best."""
        if time.monotonic() > self.end:
            return False
        found = examine(self.backend, graph, batch, nodes)
        if found is None or _way(found) != _way(self.best):
            return False
        self.best = found
        return True


def minimise(backends: Mapping[str, Backend], finding: GraphFinding, seconds: float = 60.0) -> GraphFinding:
    """A small finding of the same fault, within about `seconds`.

    The search is against the meanings of the operators, so that a fault of the interpreter is called its own.
    """
    batch = _at(finding, MOST_INSTANCES)
    found = examine(backends[finding.backend], finding.graph, batch, finding.nodes)
    if found is None and finding.divergence is not None:
        found = examine(backends[REFERENCE], finding.graph, batch, finding.nodes)
    if found is None:
        return finding
    search = _Search(backends[found.backend], found, time.monotonic() + seconds)
    _cut_nodes(search)
    _drop_rows(search)
    _cut_one_by_one(search)
    _drop_rows(search)
    return search.best


def cut(graph: Graph, batch: Batch, target: int, cuts: Collection[int], is_output: bool) -> tuple[Graph, Batch]:
    """What `target` is computed from as a graph of its own, the nodes in `cuts` being inputs with the values they had.

    Nodes keep their names. The target is the output, or with `is_output` false only a named value.
    """
    values: dict[int, Column] = {}
    if cuts:
        values = dict(evaluate(graph, batch, sorted(cuts)).nodes)
    builder = GraphBuilder("reproducer")
    builder.open_scope("", "reproducer", "A minimised finding.")
    states = {state.node: state for state in graph.states}
    params = {param.node: param for param in graph.params}
    ports = {port.node: port for port in graph.inputs}
    columns: dict[str, Column] = {}
    bound: dict[str, Column] = {}
    carried: dict[str, Column] = {}
    start = initial_state(graph, batch.instances) | dict(batch.state or {})
    made: dict[int, int] = {}
    for node in sorted(_kept(graph, target, cuts)):
        op, type_, unit, name = graph.ops[node], graph.types[node], graph.units[node], graph.identifiers[node]
        constant = graph.constants[node]
        if constant is not None:
            made[node] = builder.const(constant, type_, unit)
        elif node in cuts or op is Source.INPUT:
            domain = whole_domain(type_) if node in cuts else ports[node].domain
            made[node] = builder.input(name, type_, unit, domain)
            columns[name] = values[node] if node in cuts else batch.inputs[ports[node].name]
        elif op is Source.PARAM:
            made[node] = builder.param(name, type_, unit, params[node].domain, params[node].default)
            bound[name] = batch.params[params[node].name]
        elif op is Source.STATE:
            made[node] = builder.state(name, type_, unit, states[node].initial)
            carried[name] = start[states[node].name]
        else:
            assert isinstance(op, Op)
            made[node] = builder.op(op, tuple(made[arg] for arg in graph.args[node]), unit=unit)
            if not type_.is_array:
                builder.tap(name, made[node])
    for node in made:
        if graph.ops[node] is Source.STATE and node not in cuts:
            builder.set_next(graph.identifiers[node], made[states[node].next])
    if is_output:
        builder.output("result", made[target], SAFE[graph.types[target].kind])
    return builder.freeze(), Batch(columns, bound, carried or None, batch.bars, batch.instances)


def _kept(graph: Graph, target: int, cuts: Collection[int]) -> set[int]:
    """The nodes that `target` is computed from, through the states, none beyond a cut."""
    following = {state.node: state.next for state in graph.states}
    kept: set[int] = set()
    pending = [target]
    while pending:
        node = pending.pop()
        if node not in kept:
            kept.add(node)
            if node not in cuts:
                pending += graph.args[node]
                pending += [following[node]] if node in following else []
    return kept


def _cut_nodes(search: _Search) -> None:
    """The wrong node and what is near it; while that succeeds the wrong node may be another, so again.

    A backend that fails altogether names no node: then the first node of each operator is tried alone.
    """
    if search.best.divergence is None:
        graph = search.best.graph
        first: dict[Op | Source, int] = {}
        for node in graph.operators():
            if not graph.types[node].is_array:
                first.setdefault(graph.ops[node], node)
        for target in first.values():
            if _try_cut(search, target, _at_distance(graph, target, 1)):
                return
    for _ in range(3):
        target = _target(search.best)
        graph = search.best.graph
        before = len(graph)
        for distance in (*DISTANCES, None):
            cuts = set[int]() if distance is None else _at_distance(graph, target, distance)
            if distance is not None and len(_kept(graph, target, cuts)) >= before:
                continue
            if _try_cut(search, target, cuts):
                break
        if len(search.best.graph) >= before:
            return


def _try_cut(search: _Search, target: int, cuts: Collection[int]) -> bool:
    best = search.best
    for is_output in (True, False):
        graph, batch = cut(best.graph, best.batch, target, cuts, is_output)
        everything = tuple(comparable_nodes(graph))
        chosen = everything
        if is_output and len(best.nodes) < len(comparable_nodes(best.graph)):
            chosen = tuple(output.node for output in graph.outputs)
        if search.improves(graph, batch, chosen):
            return True
    return False


def _cut_one_by_one(search: _Search) -> None:
    """Cut every operator and state that can be, those furthest from the inputs first."""
    tried: set[str] = set()
    while time.monotonic() < search.end:
        graph, target = search.best.graph, _target(search.best)
        candidates = [
            node
            for node in reversed(range(len(graph)))
            if node != target
            and graph.identifiers[node] not in tried
            and not graph.types[node].is_array
            and (isinstance(graph.ops[node], Op) or graph.ops[node] is Source.STATE)
        ]
        if not candidates:
            return
        tried.add(graph.identifiers[candidates[0]])
        _try_cut(search, target, {candidates[0]})


def _drop_rows(search: _Search) -> None:
    """One instance, then the fewest bars."""
    best = search.best
    if best.batch.instances > 1:
        search.improves(best.graph, _at(best, 1), best.nodes)
    for keep in (_last_bar, _first_bars):
        best = search.best
        if best.batch.bars > 1 and best.divergence is not None:
            shorter = keep(best)
            if shorter.bars < best.batch.bars:
                search.improves(best.graph, shorter, best.nodes)


def _at(finding: GraphFinding, instances: int) -> Batch:
    """The rows of a finding with at most so many instances, the wrong one among them."""
    batch = finding.batch
    if batch.instances <= instances:
        return batch
    wrong = 0 if finding.divergence is None else finding.divergence.instance
    first = min(max(0, wrong - instances // 2), batch.instances - instances)
    return instances_of(batch, np.arange(first, first + instances))


def _first_bars(finding: GraphFinding) -> Batch:
    """The bars up to the wrong one."""
    assert finding.divergence is not None
    return bars_of(finding.batch, 0, finding.divergence.bar + 1, finding.batch.state)


def _last_bar(finding: GraphFinding) -> Batch:
    """The wrong bar alone, starting from the state it found."""
    assert finding.divergence is not None
    bar, batch = finding.divergence.bar, finding.batch
    state = batch.state
    if bar and finding.graph.states:
        before: Result = evaluate(finding.graph, bars_of(batch, 0, bar, state), ())
        state = before.state
    return bars_of(batch, bar, bar + 1, state)


def _target(finding: GraphFinding) -> int:
    """The first wrong node; where the backend fails altogether, the last operator."""
    graph = finding.graph
    if finding.divergence is not None:
        return graph.names.index(finding.divergence.node.name)
    return max((node for node in graph.operators() if not graph.types[node].is_array), default=len(graph) - 1)


def _at_distance(graph: Graph, target: int, distance: int) -> set[int]:
    """The nodes that are no constants, `distance` operands away from `target`."""
    following = {state.node: state.next for state in graph.states}
    seen, border = {target}, {target}
    for _ in range(distance):
        operands = {arg for node in border for arg in graph.args[node]}
        operands |= {following[node] for node in border if node in following}
        border = operands - seen
        seen |= border
    return {node for node in border if graph.constants[node] is None and not graph.types[node].is_array}


def _way(finding: GraphFinding) -> str:
    """What kind of wrong this is: a difference, or the name of the exception."""
    return "differs" if finding.error is None else finding.error.partition(":")[0]
