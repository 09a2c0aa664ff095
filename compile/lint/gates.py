"""Gates that something gets around."""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.conditions import Conditions
from compile.analysis.decisions import FALSE, TRUE, TooLarge
from compile.lint.finding import at, declared_at, finding, role
from dag import ops
from dag.diagnostics import Diagnostic
from dag.graph import Graph, Output
from dag.marks import Claim, Gate, Place, Sink
from dag.types import BOOL
from dag.words import word_of

_SAME_VALUE = (ops.AS_UNIT, ops.FLUSH, ops.FLUSH_F32)


def open_gates(graph: Graph) -> Iterator[Diagnostic]:
    """E075 for each `gate("hard")` and each `sink` that can act though the gate is shut: on the conditions of the graph, a proof."""
    sinks = sinks_of(graph)
    for gate in gates_of(graph):
        for output, claim in sinks:
            around = _around(graph, gate.node, output)
            if around is not None:
                yield finding(
                    "E075", graph, output.node, output.name,
                    f"sink `{output.name}` to be idle wherever {role(graph, gate)} is false, as {declared_at(gate)}",
                    (f"it can act while the gate, {at(graph, gate.node)}, is shut: {around}",),
                    f"let the gate decide last: `... and gate`, or `... if gate else {_idle(graph, output)}`",
                    (f"sink `{output.name}` {declared_at(claim)}",),
                )  # fmt: skip


def gates_of(graph: Graph) -> list[Claim]:
    """The hard gates of a graph, each once. A gate that the root lane itself returns is for who calls it."""
    gates = {
        claim.node: claim
        for claim in reversed(graph.claims)
        if claim.place is not Place.OUTPUT and graph.types[claim.node] == BOOL and Gate("hard") in claim.marks
    }
    return list(reversed(gates.values()))


def sinks_of(graph: Graph) -> list[tuple[Output, Claim]]:
    """The results that act, with their declarations: the list of everything that leaves the graph to do something."""
    outputs = {output.name: output for output in graph.outputs}
    return [
        (outputs[claim.name], claim)
        for claim in graph.claims
        if claim.place is Place.OUTPUT and any(isinstance(mark, Sink) for mark in claim.marks)
    ]


def _around(graph: Graph, gate: int, output: Output) -> str | None:
    """How the sink acts though the gate is shut; None where it cannot."""
    known = Conditions(graph)
    try:
        shut = known.decisions.negated(known.of(gate))
        example = known.decisions.example(known.decisions.both(shut, _acts(graph, output, known)))
    except TooLarge:
        return "the conditions are too many to prove that it cannot"
    if example is None:
        return None
    shown = [f"`{graph.names[node]}` is {str(truth).lower()}" for node, truth in example.items()]
    return ", ".join(shown) if shown else "whatever else is true"


def _acts(graph: Graph, output: Output, known: Conditions) -> int:
    """Under which conditions the output is not its safe value. Raises TooLarge."""
    type_ = graph.types[output.node]
    if type_ == BOOL:
        found = known.of(output.node)
        return known.decisions.negated(found) if output.safe else found
    safe = word_of(output.safe, type_)
    acts: dict[int, int] = {}
    for node in sorted(_chosen_from(graph, output.node)):
        op, args, constant = graph.ops[node], graph.args[node], graph.constants[node]
        if constant is not None:
            acts[node] = FALSE if graph.types[node] == type_ and word_of(constant, type_) == safe else TRUE
        elif op is ops.SELECT:
            acts[node] = known.decisions.choose(known.of(args[0]), acts[args[1]], acts[args[2]])
        else:
            acts[node] = acts[args[0]] if op in _SAME_VALUE else TRUE
    return acts[output.node]


def _chosen_from(graph: Graph, node: int) -> set[int]:
    """The nodes that `node` is one of: it, and the alternatives of every choice on the way."""
    found: set[int] = set()
    pending = [node]
    while pending:
        node = pending.pop()
        if node not in found:
            found.add(node)
            op, args = graph.ops[node], graph.args[node]
            pending.extend(args[1:] if op is ops.SELECT else args if op in _SAME_VALUE else ())
    return found


def _idle(graph: Graph, output: Output) -> str:
    members = graph.types[output.node].members
    if members is None:
        return repr(output.safe)
    return next(f"{members.name}.{name}" for name, code in members.codes if code == output.safe)
