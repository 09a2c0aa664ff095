"""One forward pass over a graph, again until what its states hold has settled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from dag.graphs.graph import Graph

T = TypeVar("T")
#: What the states hold settles after a few passes; a rule that never settles is cut off here.
PASSES = 64


def forward(graph: Graph, nothing: T, rule: Callable[[int, Sequence[T]], T], through_states: bool = True) -> list[T]:
    """A fact for each node: `rule(node, facts of its operands)`.

    For a node that reads a state, the only operand is what the state holds at the end of a bar: `nothing` at first, then what
    the pass before found. Where not `through_states`, it stays `nothing`: a value of the bar before is another value.
    """
    next_of = {state.node: state.next for state in graph.states}
    held = dict.fromkeys(next_of, nothing)
    facts: list[T] = []
    for _ in range(PASSES):
        facts = []
        for node, args in enumerate(graph.args):
            given = (held[node],) if node in held else tuple(facts[arg] for arg in args)
            facts.append(rule(node, given))
        settled = {node: facts[end] for node, end in next_of.items()}
        if settled == held or not through_states:
            break
        held = settled
    return facts


def reached_from_outputs(graph: Graph) -> set[int]:
    """The nodes that some output depends on, at this bar or a later one: a state counts where something that counts reads it."""
    return reached_from(graph, (output.node for output in graph.outputs))


def reached_from(graph: Graph, roots: Iterable[int]) -> set[int]:
    """The nodes that some root depends on, at this bar or a later one."""
    next_of = {state.node: state.next for state in graph.states}
    reached: set[int] = set()
    pending = list(roots)
    while pending:
        node = pending.pop()
        if node not in reached:
            reached.add(node)
            pending.extend(graph.args[node])
            if node in next_of:
                pending.append(next_of[node])
    return reached
