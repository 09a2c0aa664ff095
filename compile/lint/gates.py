"""Gates that something gets around."""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.assume import NOTHING_KNOWN
from compile.analysis.conditions import Conditions
from compile.analysis.decisions import FALSE, TRUE, TooLarge
from compile.analysis.facts import Codes, Fact, Floats, Integers
from compile.analysis.ranges import Ranges, ranges_once
from compile.analysis.values import choice_of, value_of
from compile.lint.finding import at, declared_at, finding, role
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph, Output
from dag.language.marks import Claim, ClaimSite, Gate, Sink
from dag.values.types import BOOL, Value


def open_gates(graph: Graph) -> Iterator[Diagnostic]:
    """E075 for each `gate("hard")` and each `sink` that can act though the gate is shut: on the conditions of the graph, a proof."""
    sinks, gates = sinks_of(graph), gates_of(graph)
    yield from _missing(graph, sinks, gates)
    facts = ranges_once(graph) if sinks and gates else None
    for gate in gates:
        for output, claim in sinks:
            assert facts is not None
            around = _around(graph, facts, gate.node, output)
            if around is not None:
                yield finding(
                    "E075", graph, output.node, output.name,
                    f"sink `{output.name}` to be idle wherever {role(graph, gate)} is false, as {declared_at(gate)}",
                    (f"it can act while the gate, {at(graph, gate.node)}, is shut: {around}",),
                    f"let the gate decide last: `... and gate`, or `... if gate else {_idle(graph, output)}`",
                    (f"sink `{output.name}` {declared_at(claim)}",), claims=(gate, claim),
                )  # fmt: skip


def _missing(graph: Graph, sinks: list[tuple[Output, Claim]], gates: list[Claim]) -> Iterator[Diagnostic]:
    """E075 for each sink that names a hard gate which is nowhere asked."""
    there = {name for gate in gates for name in (gate.name, graph.scopes[gate.scope].lane, graph.names[gate.node])}
    for output, claim in sinks:
        for wanted in (mark.gate for mark in claim.marks if isinstance(mark, Sink)):
            if wanted and wanted not in there:
                yield finding(
                    "E075", graph, output.node, output.name,
                    f"sink `{output.name}` to ask the hard gate `{wanted}`, as {declared_at(claim)}",
                    (f"no hard gate called `{wanted}` is computed here",),
                    f"let it decide last: `... and {wanted}(...)`", claims=(claim,),
                )  # fmt: skip


def gates_of(graph: Graph) -> list[Claim]:
    """The hard gates of a graph, each once. A gate that the root lane itself returns is for who calls it."""
    gates = {
        claim.node: claim
        for claim in reversed(graph.claims)
        if claim.place is not ClaimSite.OUTPUT and graph.types[claim.node] == BOOL and Gate("hard") in claim.marks
    }
    return list(reversed(gates.values()))


def sinks_of(graph: Graph) -> list[tuple[Output, Claim]]:
    """The results that act, with their declarations: the list of everything that leaves the graph to do something."""
    outputs = {output.name: output for output in graph.outputs}
    return [
        (outputs[claim.name], claim)
        for claim in graph.claims
        if claim.place is ClaimSite.OUTPUT and any(isinstance(mark, Sink) for mark in claim.marks)
    ]


def _around(graph: Graph, facts: Ranges, gate: int, output: Output) -> str | None:
    """How the sink acts though the gate is shut; None where it cannot.

    A gate that is never shut within the domains guards against what lies outside: then nothing is known of what it would let through.
    """
    shut = facts.assume(NOTHING_KNOWN, gate, False)
    if shut is not None and _is_idle(facts.under(shut, output.node), output):
        return None
    known = Conditions(graph)
    try:
        acts = known.decisions.both(known.decisions.negated(known.of(gate)), _acts(graph, output, known))
    except TooLarge:
        return "the conditions are too many to prove that it cannot"
    example = known.decisions.example(acts) if shut is None else known.example(acts, facts)
    if example is None:
        return None
    shown = [f"`{graph.names[node]}` is {str(truth).lower()}" for node, truth in example.items()]
    return ", ".join(shown) if shown else "whatever else is true"


def _is_idle(fact: Fact, output: Output) -> bool:
    """Whether a value that `fact` holds can only be the safe one."""
    match fact:
        case Floats(lo, hi, nan):
            return not nan and lo == hi == output.safe
        case Integers(lo, hi):
            return lo == hi == output.safe
        case Codes(values):
            return values <= {int(output.safe)}


def _acts(graph: Graph, output: Output, known: Conditions) -> int:
    """Under which conditions the output is not its safe value. Raises TooLarge."""
    if graph.types[output.node] == BOOL:
        found = known.of(output.node)
        return known.decisions.negated(found) if output.safe else found
    acts: dict[int, int] = {}
    for node in sorted(_chosen_from(graph, output.node)):
        constant, choice = graph.constants[node], choice_of(graph, node)
        if constant is not None:
            acts[node] = FALSE if _equals(constant, output.safe) else TRUE
        elif value_of(graph, node) != node:
            acts[node] = acts[value_of(graph, node)]
        elif choice is not None:
            of_zero = FALSE if output.safe == 0 else TRUE
            chosen, otherwise = (of_zero if arm is None else acts[arm] for arm in (choice.chosen, choice.otherwise))
            acts[node] = known.decisions.choose(known.of(choice.condition), chosen, otherwise)
        else:
            acts[node] = TRUE
    return acts[output.node]


def _equals(constant: Value, safe: Value) -> bool:
    return constant == safe or (constant != constant and safe != safe)


def _chosen_from(graph: Graph, node: int) -> set[int]:
    """The nodes that `node` is one of: it, its value, and the alternatives of every choice on the way."""
    found: set[int] = set()
    pending = [node]
    while pending:
        node = pending.pop()
        if node not in found:
            found.add(node)
            choice = choice_of(graph, node)
            pending.append(value_of(graph, node))
            pending.extend(choice.arms if choice else ())
    return found


def _idle(graph: Graph, output: Output) -> str:
    members = graph.types[output.node].members
    if members is None:
        return repr(output.safe)
    return next(f"{members.name}.{name}" for name, code in members.codes if code == output.safe)
