"""Bool states that tell the first bar from the rest: once such a latch is set, no state holds its initial value any more.

A carried value that begins with something computed is `select(started, carried, beginning)`: the number that the state starts
with is never seen. Without this, a carried price would seem to be 0 at times.
"""

from __future__ import annotations

from dag.graphs.graph import Graph, State
from dag.operators import table as ops
from dag.operators.op import Source


def latched_with(graph: Graph) -> dict[int, tuple[int, ...]]:
    """For each latch the states that move whenever it does. Where it is true, they hold what some move left them.

    They last as long as it does: others may have begun anew in a restored snapshot. A latch that is cold as true says so of the
    states that are cold with it.
    """
    moves = {state.node: _move(graph, state) for state in graph.states}
    found: dict[int, tuple[int, ...]] = {}
    for latch in graph.states:
        conditions, value = moves[latch.node]
        if latch.initial is False and graph.ops[value] is Source.CONST and graph.constants[value] is True:
            together = (state.node for state in graph.states if state.lifetime == latch.lifetime)
            found[latch.node] = tuple(node for node in together if moves[node][0] <= conditions)
    return found


def moved_to(graph: Graph) -> dict[int, int]:
    """For each state's node the node that it takes its value from when it moves, and does not only keep it."""
    return {state.node: _move(graph, state)[1] for state in graph.states}


def _move(graph: Graph, state: State) -> tuple[frozenset[int], int]:
    """The conditions that must all hold for the state to move, and the node that it then takes its value from."""
    conditions: set[int] = set()
    value = state.next
    while graph.ops[value] is ops.SELECT and graph.args[value][2] == state.node:
        condition, value, _ = graph.args[value]
        conditions |= _conjuncts(graph, condition)
    return frozenset(conditions), value


def _conjuncts(graph: Graph, condition: int) -> set[int]:
    if graph.ops[condition] is ops.AND:
        return set().union(*(_conjuncts(graph, part) for part in graph.args[condition]))
    return {condition}
