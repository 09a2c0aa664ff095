"""Bool states that tell the first bar from the rest: once such a latch is set, no state holds its initial value any more.

A carried value that begins with something computed is `select(started, carried, beginning)`: the number that the state starts
with is never seen. Without this, a carried price would seem to be 0 at times.
"""

from __future__ import annotations

from dag import ops
from dag.graph import Graph, State
from dag.ops import Source


def latched_with(graph: Graph) -> dict[int, tuple[int, ...]]:
    """For each latch the states that move whenever it does. Where it is true, they hold what some bar left them."""
    found: dict[int, tuple[int, ...]] = {}
    for latch in graph.states:
        moves, value = _move(graph, latch)
        if latch.initial is False and graph.ops[value] is Source.CONST and graph.constants[value] is True:
            found[latch.node] = tuple(state.node for state in graph.states if moves in (None, _move(graph, state)[0]))
    return found


def _move(graph: Graph, state: State) -> tuple[int | None, int]:
    """The condition on which the state moves (None: on every bar), and the node that it then takes its value from."""
    if graph.ops[state.next] is ops.SELECT:
        condition, taken, kept = graph.args[state.next]
        if kept == state.node:
            return condition, taken
    return None, state.next
